// The console over invented data, to look at it without a cluster:
//   node streams-app/src/test/js/preview.mjs [port]

import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const FILES = fileURLToPath(new URL('../../main/resources/dev/shardstream/streams/console', import.meta.url));
const TYPES = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const STARTED = Date.now();
const NODES = ['node-1', 'node-2', 'node-3'];

const report = (tableId, shardId, rows, lag) => ({
  tableId, shardId, state: 'applying', schemaVersion: 4, rows, bytes: rows * 96, appliedChanges: rows, lag, positions: [], error: null });

const shard = (id, at, of, status = 'active', role = 'owner') => ({
  id, node: NODES[(id + (role === 'replica' ? 1 : 0)) % 3], status, role, range: null, report: null,
  virtualShards: [[Math.floor(at * 256 / of), Math.floor((at + 1) * 256 / of) - 1]] });

const ORDERS = [
  ...[0, 1, 2, 3].map(at => shard(at, at, 4)),
  ...[0, 1, 2, 3, 4, 5, 6, 7].map(at => shard(at + 4, at, 8, 'pending'))];
const PEOPLE = [0, 1, 2].flatMap(at => [shard(at, at, 3), shard(at + 3, at, 3, 'active', 'replica')]);

const lagNow = seed => Math.max(0, Math.round(120 + 90 * Math.sin(Date.now() / 7000 + seed) + 40 * Math.sin(Date.now() / 900 + seed)));

function nodes() {
  return NODES.map((nodeId, at) => ({
    nodeId, endpoint: `http://10.0.3.${11 + at}:8088`, state: at === 2 ? 'silent' : 'up', silentMillis: at === 2 ? 14_200 : 300,
    heartbeatAt: Date.now(), capacityBytes: 256 * 2 ** 30, freeBytes: (180 - 60 * at) * 2 ** 30,
    shards: [
      ...ORDERS.filter(s => s.node === nodeId).map(s => report('shop-orders-1', s.id, s.status === 'pending' ? 88_000 : 303_412, lagNow(s.id))),
      ...PEOPLE.filter(s => s.node === nodeId).map(s => report('shop-people-2', s.id, 21_007, lagNow(s.id) % 40))],
  }));
}

const table = (tableId, name, more) => ({
  database: 'shop', tableId, name, type: 'Regular', strategy: 'hash', status: 'active', schemaVersion: 4, partitions: 16, replicas: 1,
  shards: 4, rows: 1_213_648, bytes: 131_072_000, lag: 240, reshard: null, createdAt: STARTED - 864e5, comment: null, ...more });

const TABLES = [
  table('shop-clicks-4', 'clicks', { type: 'Stream', shards: 2, rows: 48_211_904, bytes: 3.1e9, lag: 12, schemaVersion: 1 }),
  table('shop-orders-1', 'orders', { reshard: 'shop-r7', comment: 'One row for each order; lines are in order_lines.' }),
  table('shop-people-2', 'people', { replicas: 2, shards: 3, rows: 63_021, bytes: 9.2e6, lag: 0, schemaVersion: 2 }),
];

const column = (id, name, type, nullable, defaultValue = null, comment = null) => ({ id, name, type, nullable, defaultValue, comment });

const DETAIL = {
  table: TABLES[1], primaryKey: ['id'], shardKey: ['id'], blockSize: 500, ttlSeconds: null,
  columns: [column(1, 'id', 'BIGINT', false), column(2, 'customer', 'BIGINT', false), column(3, 'status', 'VARCHAR(20)', false, "'open'"),
    column(5, 'total_cents', 'BIGINT', false, '0', 'without shipping'), column(6, '<b>note</b>', 'TEXT', true)],
  indexes: [{ id: 1, name: 'orders_by_customer', unique: false, columns: ['customer', 'id'], status: 'ready', error: null, comment: null }],
  topology: { tableId: 'shop-orders-1', epoch: 3, reshard: 'shop-r7', shards: ORDERS },
};

const VERSIONS = ['CREATE TABLE', "ADD COLUMN status VARCHAR(20) NOT NULL DEFAULT 'open'", 'DROP COLUMN remark', 'ADD COLUMN total_cents BIGINT NOT NULL DEFAULT 0']
  .map((change, at) => ({ version: at + 1, change, at: STARTED - (4 - at) * 36e5, commandId: `c${at}`, table: 'orders', columns: 3 + at % 2 }));

const paused = { now: false };

function reshards() {
  const done = Math.min(1, 0.25 + (Date.now() - STARTED) / 240_000);
  const targets = ORDERS.filter(s => s.status === 'pending').map(s => ({
    shardId: s.id, node: s.node, role: 'owner', virtualShards: 32, virtualShardsCopied: Math.round(32 * Math.min(1, done * (0.8 + s.id / 30))),
    rowsCopied: Math.round(151_706 * done), rowsCopiedLocally: 0, rowsPerSecond: 41_200, replayedChanges: 0, lag: null, remainingMillis: 9000 }));
  const base = { database: 'shop', table: 'orders', tableId: 'shop-orders-1', commandId: 'c9', purpose: 'reshard', paused: false, backingOff: false,
    waitsForSwitch: false, rowsPerSecondLimit: null, remainingMillis: null, verifyAttempt: 0, digestsCompared: 0, mismatches: [], repairs: 0,
    switchedAt: null, rolledBackAt: null, retryOf: null, errorCode: null, errorMessage: null };
  const phase = (status, from, to) => ({ status, startedAt: STARTED + from, finishedAt: to === null ? null : STARTED + to });
  return [
    { ...base, reshardId: 'shop-r7', status: 'copying', ended: false, paused: paused.now, actions: [paused.now ? 'resume' : 'pause', 'cancel', 'throttle'],
      sourceShards: [0, 1, 2, 3], targetShards: targets.map(t => t.shardId), targets, remainingMillis: Math.round((1 - done) * 24_000),
      phases: [phase('queued', 0, 640), phase('copying', 640, null)], startedAt: STARTED, updatedAt: Date.now() },
    { ...base, reshardId: 'shop-r6', status: 'failed', ended: true, actions: ['retry'], sourceShards: [0, 1, 2, 3], targetShards: [4, 5], targets: [],
      verifyAttempt: 1, digestsCompared: 256, errorCode: 'VERIFY_MISMATCH', errorMessage: 'Verify found 1 virtual shards that differ: 77',
      mismatches: [{ virtualShard: 77, sourceShard: 1, targetShard: 4, sourceRows: 1184, targetRows: 1183, keys: ['(90117)'] }],
      phases: [phase('queued', -9e6, -8.99e6), phase('copying', -8.99e6, -8.9e6), phase('replaying', -8.9e6, -8.89e6), phase('verifying', -8.89e6, -8.88e6)],
      startedAt: STARTED - 9e6, updatedAt: STARTED - 8.88e6 },
  ];
}

const command = (commandId, status, operation, more) => ({
  commandId, database: 'shop', status, at: STARTED - 6e4, operation, issuedBy: 'alice@shop', dependsOn: [], table: 'orders', schemaVersion: null,
  reshard: null, code: null, message: null, plan: null, ...more });

const COMMANDS = [
  command('5d0f-reshard', 'accepted', 'RESHARD_TABLE', { reshard: 'shop-r7', issuedBy: 'http' }),
  command('9a41-index', 'pending', 'CREATE_INDEX', { dependsOn: ['17c2-total', '0b9e-elsewhere'], message: 'waits for command 0b9e-elsewhere' }),
  command('17c2-total', 'applied', 'ADD_COLUMN', { schemaVersion: 4 }),
  command('77aa-drop', 'rejected', 'DROP_TABLE', { code: 'DROP_DURING_RESHARD', message: "Cannot DROP table 'orders' while resharding is in progress" }),
];

function answer(path) {
  const rest = path.replace('/v1/databases/shop', '');
  if (path === '/v1/databases') return { databases: ['default', 'shop'] };
  if (path === '/v1/nodes') return { nodes: nodes() };
  if (rest === '/tables') return { tables: TABLES };
  if (rest === '/tables/orders') return DETAIL;
  if (rest.endsWith('/history')) return { versions: VERSIONS };
  if (rest === '/reshards') return { reshards: reshards() };
  if (rest === '/ddl') return { commands: COMMANDS };
  return { tables: [], reshards: [], commands: [], versions: [] };
}

function act(path, response) {
  if (path.endsWith('/pause')) paused.now = true;
  if (path.endsWith('/resume')) paused.now = false;
  response.writeHead(202, { 'Content-Type': 'application/json' }).end(JSON.stringify({ commandId: 'preview', outcome: null }));
}

function events(response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write('id: p-0\nevent: reset\ndata: {}\n\n');
  const timer = setInterval(() => {
    response.write(`event: nodes\ndata: ${JSON.stringify({ nodes: nodes() })}\n\n`);
    reshards().slice(0, 1).forEach(one => response.write(`event: reshard\ndata: ${JSON.stringify(one)}\n\n`));
  }, 500);
  response.on('close', () => clearInterval(timer));
}

createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://preview');
  if (request.method === 'POST') act(pathname, response);
  else if (pathname === '/v1/events') events(response);
  else if (pathname.startsWith('/v1/')) response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer(pathname)));
  else {
    const file = FILES + (pathname === '/' ? '/index.html' : pathname);
    if (!existsSync(file) || pathname.includes('..')) response.writeHead(404).end();
    else {
      response.writeHead(200, { 'Content-Type': TYPES[extname(file)], 'Content-Security-Policy': "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'" });
      createReadStream(file).pipe(response);
    }
  }
}).listen(Number(process.argv[2] ?? 8089), '127.0.0.1', () => console.log('http://127.0.0.1:' + (process.argv[2] ?? 8089)));
