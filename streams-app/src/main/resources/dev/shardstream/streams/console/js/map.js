// The shard map: 256 virtual shards over shards and nodes.

import { h, s } from './dom.js';
import { count, intervals, number, plural, words } from './format.js';

export const VIRTUAL_SHARDS = 256;
const COLUMNS = 32;
const CELL = 10;
const GOLDEN_ANGLE = 137.508;

/** Colour of a shard: ids that follow each other are far apart. Pure. */
export function hue(shardId) {
  return Math.round((shardId * GOLDEN_ANGLE + 200) % 360);
}

/** Shards in the order of what they hold. Pure. */
export function inOrder(shards) {
  const first = shard => shard.virtualShards[0]?.[0] ?? VIRTUAL_SHARDS;
  const rank = shard => ['active', 'pending', 'to_be_deleted', 'failed'].indexOf(shard.status);
  return [...shards].sort((a, b) => rank(a) - rank(b) || first(a) - first(b) || a.id - b.id);
}

/** Which shard owns each virtual shard; undefined where none does. Pure. */
export function ownersOf(shards) {
  const owners = new Array(VIRTUAL_SHARDS).fill(undefined);
  for (const shard of shards) {
    for (const [from, to] of shard.virtualShards) owners.fill(shard, from, to + 1);
  }
  return owners;
}

/** Nodes by name with the shards that each has. Pure. */
export function lanes(shards) {
  const nodes = new Map();
  for (const shard of shards) nodes.set(shard.node, [...(nodes.get(shard.node) ?? []), shard]);
  return [...nodes].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The map of a table of strategy hash: a cell for each virtual shard. */
export function grid(shards, title) {
  const owners = ownersOf(shards);
  const rows = VIRTUAL_SHARDS / COLUMNS;
  const summary = inOrder(shards)
    .map(shard => `shard ${shard.id} on ${shard.node} owns ${intervals(shard.virtualShards)}`).join('; ');
  return h('figure', { class: 'map' },
    h('figcaption', {}, title),
    s('svg', { viewBox: `0 0 ${COLUMNS * CELL} ${rows * CELL}`, role: 'img', 'aria-label': `${title}: ${summary}` },
      owners.map((shard, at) => s('rect', {
        class: shard ? 'cell' : 'cell free',
        x: at % COLUMNS * CELL + 0.5,
        y: Math.floor(at / COLUMNS) * CELL + 0.5,
        width: CELL - 1,
        height: CELL - 1,
        rx: 1.5,
        vars: shard ? { '--hue': hue(shard.id) } : {},
      }, s('title', {}, shard ? `virtual shard ${at}: shard ${shard.id} on ${shard.node}` : `virtual shard ${at}`)))));
}

/**
 * The same by node: a strip for each, drawn from virtual shard 0 to 255. What owns stands above what
 * is made, kept or a replica.
 */
export function strips(shards) {
  const owns = shard => shard.status === 'active' && shard.role === 'owner';
  const above = shards.every(owns) ? 10 : 6;
  return h('div', { class: 'strips', 'aria-hidden': 'true' },
    lanes(shards).map(([node, held]) => h('div', { class: 'strip' },
      h('span', { class: 'node-name' }, node),
      s('svg', { viewBox: `0 0 ${VIRTUAL_SHARDS} 10`, preserveAspectRatio: 'none' },
        s('rect', { class: 'lane', x: 0, y: 0, width: VIRTUAL_SHARDS, height: 10 }),
        held.flatMap(shard => shard.virtualShards.map(([from, to]) => s('rect', {
          class: `piece ${shard.status} ${shard.role}`,
          x: from,
          y: owns(shard) ? 0 : above,
          width: to - from + 1,
          height: owns(shard) ? above : 10 - above,
          vars: { '--hue': hue(shard.id) },
        })))))),
    h('div', { class: 'strip axis' }, h('span', {}),
      h('span', { class: 'ticks' }, [0, 64, 128, 192, 255].map(at => h('span', {}, at)))));
}

/** The map of a table of strategy range: its shards side by side in the order of their keys. */
export function ranges(shards, title) {
  const owners = shards.filter(shard => shard.role === 'owner');
  return h('figure', { class: 'map' },
    h('figcaption', {}, title),
    h('ol', { class: 'ranges' }, owners.map(shard => h('li', { vars: { '--hue': hue(shard.id) } },
      h('strong', {}, `shard ${shard.id}`), h('span', {}, `from ${shard.range?.from ?? 'the first key'}`)))));
}

/** The legend, which says in words and numbers all that the map says in colour. */
export function legend(table, shards, reportOf) {
  return h('div', { class: 'scroll' }, h('table', {},
    h('caption', { class: 'unseen' }, `Shards of ${table.name}`),
    h('thead', {}, h('tr', {}, ['Shard', 'Node', 'Status', table.strategy === 'range' ? 'Keys' : 'Virtual shards', 'Rows', 'Lag']
      .map((name, at) => h('th', { scope: 'col', class: at > 3 ? 'number' : null }, name)))),
    h('tbody', {}, inOrder(shards).map(shard => {
      const report = reportOf(shard);
      return h('tr', { 'data-key': shard.id },
        h('th', { scope: 'row' }, h('span', { class: `swatch ${shard.status}`, vars: { '--hue': hue(shard.id) } }), shard.id),
        h('td', {}, shard.node),
        h('td', {}, h('span', { class: `state ${shard.status}` }, words(shard.status)), shard.role === 'replica' ? ' replica' : null,
          report?.error ? h('span', { class: 'problem' }, report.error) : null),
        h('td', {}, holds(table, shard)),
        h('td', { class: 'number' }, number(report?.rows)),
        h('td', { class: 'number' }, number(report?.lag)));
    }))));
}

function holds(table, shard) {
  if (table.strategy === 'range') {
    return `${shard.range?.from ?? '−∞'} … ${shard.range?.to ?? '+∞'}`;
  }
  return [intervals(shard.virtualShards), h('span', { class: 'quiet' }, ` ${plural(count(shard.virtualShards), 'virtual shard')}`)];
}
