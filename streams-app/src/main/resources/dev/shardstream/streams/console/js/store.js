// What the page knows of one database, and how that changes. The only place where it does.

import * as api from './api.js';

const SAMPLES = 600;
const MOST_COMMANDS = 200;
const RETRY = 2000;

export const state = {
  databases: ['default'],
  database: new URLSearchParams(location.search).get('database') ?? sessionStorage.getItem('shardstream-database') ?? 'default',
  link: 'waiting',
  tables: null,
  details: new Map(),
  reshards: null,
  commands: null,
  nodes: [],
  lag: [],
  error: null,
};

const listeners = new Set();
let queued = false;

/** Calls a function soon after every change, once for many of them. */
export function onChange(listener) {
  listeners.add(listener);
}

export function changed() {
  if (queued) return;
  queued = true;
  requestAnimationFrame(() => {
    queued = false;
    listeners.forEach(listener => listener());
  });
}

async function attempt(work) {
  let failed = null;
  try {
    await work();
    state.error = null;
  } catch (failure) {
    failed = failure;
    state.error = failure.message;
  }
  changed();
  return failed;
}

/** Reads everything anew; again and again while the control plane hands the database over. */
export async function refresh() {
  const failed = await attempt(async () => {
    const { database } = state;
    const [databases, nodes, tables, reshards, commands] = await Promise.all([
      api.databases().catch(() => state.databases), api.nodes(), api.read(database, 'tables'), api.read(database, 'reshards'),
      api.read(database, 'ddl')]);
    if (database !== state.database) return;
    Object.assign(state, { databases, tables: tables.tables, reshards: reshards.reshards, commands: commands.commands });
    take(nodes);
    await Promise.all([...state.details.keys()].map(loadDetail));
  });
  if (failed?.status === 503) setTimeout(refresh, RETRY);
  else if (failed?.code === 'NAMESPACE_NOT_FOUND' && state.database !== 'default') choose('default');
}

export function choose(database) {
  sessionStorage.setItem('shardstream-database', database);
  Object.assign(state, { database, tables: null, reshards: null, commands: null, lag: [] });
  state.details.clear();
  changed();
  return refresh();
}

/** Shows a table: reads it, and again whenever it changes. */
export function openTable(name) {
  if (state.details.has(name)) return;
  state.details.clear();
  state.details.set(name, null);
  attempt(() => loadDetail(name));
}

async function loadDetail(name) {
  try {
    const [detail, history] = await Promise.all([
      api.read(state.database, 'tables', name), api.read(state.database, 'tables', name, 'history')]);
    if (state.details.has(name)) state.details.set(name, { ...detail, versions: history.versions });
  } catch (failure) {
    if (failure.status !== 404) throw failure;
    state.details.set(name, { missing: failure.message });
  }
}

let reading = null;

/** Several changes of tables come together: they are read once. */
function tablesSoon() {
  reading ??= setTimeout(() => {
    reading = null;
    attempt(async () => {
      const { database } = state;
      const { tables } = await api.read(database, 'tables');
      if (database !== state.database) return;
      state.tables = tables;
      await Promise.all([...state.details.keys()].map(loadDetail));
    });
  }, 200);
}

/** Takes in an event of the API. */
export function apply(type, data) {
  if (type === 'reset') {
    refresh();
    return;
  }
  if (type === 'nodes') take(data.nodes);
  else if (data.database === state.database) {
    if (type === 'table') tablesSoon();
    else if (type === 'reshard') put(data);
    else if (type === 'command') log(data);
  }
  changed();
}

function put(reshard) {
  const others = (state.reshards ?? []).filter(r => r.reshardId !== reshard.reshardId);
  const known = (state.reshards ?? []).find(r => r.reshardId === reshard.reshardId);
  if (known && known.updatedAt > reshard.updatedAt) return;
  state.reshards = [reshard, ...others].sort((a, b) => b.startedAt - a.startedAt || b.reshardId.localeCompare(a.reshardId));
}

function log(command) {
  const others = (state.commands ?? []).filter(c => c.commandId !== command.commandId);
  state.commands = [command, ...others].slice(0, MOST_COMMANDS);
}

function take(nodes) {
  state.nodes = nodes;
  const names = new Map((state.tables ?? []).map(table => [table.tableId, table.name]));
  const byTable = new Map();
  for (const report of nodes.flatMap(node => node.shards)) {
    const name = names.get(report.tableId);
    if (name !== undefined && report.lag !== null) {
      byTable.set(name, Math.max(byTable.get(name) ?? 0, report.lag));
    }
  }
  state.lag.push({ at: Date.now(), byTable });
  state.lag.splice(0, state.lag.length - SAMPLES);
}

/** What the nodes say of a shard, newer than what came with its table; null for nothing. */
export function report(tableId, shard) {
  const node = state.nodes.find(n => n.nodeId === shard.node);
  return node?.shards.find(r => r.tableId === tableId && r.shardId === shard.id) ?? shard.report;
}
