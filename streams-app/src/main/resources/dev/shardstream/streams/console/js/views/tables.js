// The tables of the database.

import { h } from '../dom.js';
import { bytes, number, plural, words } from '../format.js';
import { nothing, page } from './page.js';

export function tables({ state }) {
  const list = state.tables;
  return page('Tables', list && list.length > 0 ? summary(list) : null,
    !list ? nothing('Loading …')
      : list.length === 0 ? nothing('No tables yet. Create one with: shardstream sql "CREATE TABLE …"')
        : h('ul', { class: 'cards' }, list.map(card)));
}

function summary(list) {
  const known = list.every(table => table.rows !== null);
  const shards = list.reduce((sum, table) => sum + (table.shards ?? 0), 0);
  const rows = list.reduce((sum, table) => sum + (table.rows ?? 0), 0);
  return `${plural(list.length, 'table')}, ${plural(shards, 'shard')}, ${known ? number(rows) : 'some'} rows`;
}

function card(table) {
  return h('li', { class: 'card', 'data-key': table.tableId },
    h('h2', {}, h('a', { href: `#/tables/${encodeURIComponent(table.name)}` }, table.name),
      table.reshard ? h('a', { class: 'state copying', href: `#/reshards/${encodeURIComponent(table.reshard)}` }, 'resharding') : null,
      table.status !== 'active' ? h('span', { class: `state ${table.status}` }, words(table.status)) : null),
    table.comment ? h('p', { class: 'quiet' }, table.comment) : null,
    h('dl', { class: 'facts' },
      fact('Rows', number(table.rows)), fact('Shards', number(table.shards)), fact('Size', bytes(table.bytes)),
      fact('Lag', number(table.lag)), fact('Replicas', number(table.replicas)), fact('Version', number(table.schemaVersion))));
}

export function fact(name, value) {
  return h('div', {}, h('dt', {}, name), h('dd', {}, value));
}
