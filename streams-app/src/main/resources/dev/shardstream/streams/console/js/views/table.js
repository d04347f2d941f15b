// One table: shard map, columns, indexes, history.

import { confirm } from '../dialog.js';
import { command } from '../api.js';
import { h } from '../dom.js';
import { bytes, duration, number, plural, time } from '../format.js';
import { grid, legend, ranges, strips } from '../map.js';
import { moveButton } from './moves.js';
import { nothing, page, section } from './page.js';
import { reshardCard } from './reshard.js';
import { fact } from './tables.js';

export function table({ state, report, name }) {
  const detail = state.details.get(name);
  if (!detail) return page(name, null, nothing('Loading …'));
  if (detail.missing) return page(name, null, nothing(detail.missing));
  const { table: head, topology } = detail;
  const running = (state.reshards ?? []).filter(r => r.tableId === head.tableId && !r.ended);
  const isBusy = running.length > 0 || head.status !== 'active';
  return page(head.name,
    [topology ? moveButton(state.database, head, topology.shards, state.nodes, isBusy) : null,
      h('button', {
        class: 'primary', type: 'button', 'data-action': 'start', disabled: isBusy, onclick: () => ask(state.database, head),
      }, 'Reshard …')],
    head.comment ? h('p', { class: 'lead' }, head.comment) : null,
    h('dl', { class: 'facts wide' },
      fact('Rows', number(head.rows)), fact('Size', bytes(head.bytes)), fact('Type', head.type), fact('Strategy', head.strategy),
      fact('Primary key', detail.primaryKey.join(', ')), fact('Shard key', detail.shardKey.join(', ')),
      fact('Log partitions', number(head.partitions)), fact('Replicas', number(head.replicas)), fact('Epoch', number(topology?.epoch))),
    running.map(reshard => reshardCard(reshard, state.database)),
    topology ? map(head, topology.shards, shard => report(head.tableId, shard)) : nothing('It has no shards yet.'),
    columns(detail), indexes(detail.indexes), history(detail.versions));
}

function map(head, shards, reportOf) {
  const owners = shards.filter(shard => shard.status === 'active' && shard.role === 'owner');
  const next = shards.filter(shard => shard.status === 'pending' && shard.role === 'owner');
  const former = shards.filter(shard => shard.status === 'to_be_deleted' && shard.role === 'owner');
  const draw = head.strategy === 'range' ? ranges : grid;
  return section('Shard map',
    h('div', { class: 'maps' },
      draw(owners, `Now: ${plural(owners.length, 'shard')}`),
      next.length > 0 ? draw(next, `Being made: ${plural(next.length, 'shard')}`) : null,
      former.length > 0 ? draw(former, `Kept for a roll back: ${plural(former.length, 'shard')}`) : null),
    head.strategy === 'range' ? null : strips(shards),
    legend(head, shards, reportOf));
}

function columns(detail) {
  return section('Columns', h('div', { class: 'scroll' }, h('table', {},
    h('thead', {}, h('tr', {}, ['Column', 'Type', 'NULL', 'Default', 'Comment'].map(c => h('th', { scope: 'col' }, c)))),
    h('tbody', {}, detail.columns.map(column => h('tr', { 'data-key': column.id },
      h('th', { scope: 'row' }, column.name,
        detail.primaryKey.includes(column.name) ? h('span', { class: 'tag' }, 'primary key') : null,
        detail.shardKey.includes(column.name) ? h('span', { class: 'tag' }, 'shard key') : null),
      h('td', {}, h('code', {}, column.type)), h('td', {}, column.nullable ? 'allowed' : 'no'),
      h('td', {}, column.defaultValue === null ? '–' : h('code', {}, column.defaultValue)),
      h('td', {}, column.comment ?? '–')))))));
}

function indexes(list) {
  if (list.length === 0) return null;
  return section('Indexes', h('div', { class: 'scroll' }, h('table', {},
    h('thead', {}, h('tr', {}, ['Index', 'Columns', 'Unique', 'Status'].map(c => h('th', { scope: 'col' }, c)))),
    h('tbody', {}, list.map(index => h('tr', { 'data-key': index.id },
      h('th', { scope: 'row' }, index.name), h('td', {}, index.columns.join(', ')), h('td', {}, index.unique ? 'yes' : 'no'),
      h('td', {}, h('span', { class: `state ${index.status}` }, index.status), index.error ? ` ${index.error}` : null)))))));
}

function history(versions) {
  return section('History', h('ol', { class: 'history', reversed: true }, [...versions].reverse().map(version =>
    h('li', { 'data-key': version.version },
      h('span', { class: 'version' }, version.version), h('code', {}, version.change),
      h('span', { class: 'quiet' }, `${time(version.at)} · ${plural(version.columns, 'column')}`)))));
}

/** Asks for the shard count; "Plan" tells what would happen and changes nothing. */
function ask(database, head) {
  const shards = h('input', { type: 'number', name: 'shards', min: 1, max: 256, value: Math.min(256, 2 * (head.shards ?? 1)), required: true });
  const plan = h('p', { class: 'plan', role: 'status' });
  const tell = async () => {
    const { outcome } = await command(database, ['reshards'], { table: head.name, targetShards: Number(shards.value), dryRun: true });
    const told = outcome?.plan;
    plan.textContent = told
      ? `${number(told.rows)} rows (${bytes(told.bytes)}) from ${plural(told.sourceShards.length, 'shard')} to ${plural(told.targets.length, 'shard')} on ${plural(told.nodes.length, 'node')}: about ${duration(told.estimatedMillis)}.`
      : outcome?.message ?? 'The plan has not come yet.';
  };
  confirm({
    title: `Reshard ${head.name}`,
    text: 'The table is read and written all the time. Its shards are copied, verified, and then switched at once.',
    verb: 'Start',
    fields: [
      h('label', { class: 'field' }, h('span', {}, 'Shards'), shards),
      h('label', { class: 'field' }, h('span', {}, 'Keep the old shards for (seconds)'),
        h('input', { type: 'number', name: 'grace', min: 0, placeholder: 'as configured' })),
      h('label', { class: 'check' }, h('input', { type: 'checkbox', name: 'manual' }), ' Wait for my word before the switch'),
      h('button', {
        type: 'button', class: 'plain',
        onclick: () => tell().catch(failure => { plan.textContent = failure.message; }),
      }, 'Show the plan'), plan,
    ],
    act: async form => {
      const grace = form.get('grace');
      const { outcome } = await command(database, ['reshards'], {
        table: head.name,
        targetShards: Number(form.get('shards')),
        graceMillis: grace ? Number(grace) * 1000 : null,
        manualCutover: form.get('manual') !== null,
      });
      if (outcome?.reshard) location.hash = `#/reshards/${encodeURIComponent(outcome.reshard)}`;
    },
  });
}
