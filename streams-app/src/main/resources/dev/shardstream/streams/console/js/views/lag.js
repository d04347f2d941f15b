// How far tables are behind their logs, since the page was opened.

import { lines } from '../chart.js';
import { h } from '../dom.js';
import { number } from '../format.js';
import { hue } from '../map.js';
import { nothing, page } from './page.js';

const MOST_LINES = 8;

/** The tables that were furthest behind, with their samples. Pure. */
export function series(samples) {
  const peaks = new Map();
  for (const { byTable } of samples) {
    for (const [name, lag] of byTable) peaks.set(name, Math.max(peaks.get(name) ?? 0, lag));
  }
  return [...peaks].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).slice(0, MOST_LINES)
    .map(([name, peak], at) => ({
      name, peak, hue: hue(at), samples: samples.map(sample => [sample.at, sample.byTable.get(name)]),
    }));
}

export function lag({ state }) {
  const all = series(state.lag);
  const last = one => one.samples.at(-1)?.[1];
  return page('Lag', 'offsets to the end of the log, of each table’s shard that is furthest behind',
    state.lag.length < 2 || all.length === 0 ? nothing('Collecting: lag is kept while this page is open.') : [
      lines(all, all.map(one => `${one.name}: now ${number(last(one))}, at most ${number(one.peak)}`).join('; ')),
      h('div', { class: 'scroll' }, h('table', {}, h('caption', { class: 'unseen' }, 'Lag of tables'),
        h('thead', {}, h('tr', {}, ['Table', 'Now', 'At most'].map((name, at) => h('th', { scope: 'col', class: at > 0 ? 'number' : null }, name)))),
        h('tbody', {}, all.map(one => h('tr', { 'data-key': one.name },
          h('th', { scope: 'row' }, h('span', { class: 'swatch', vars: { '--hue': one.hue } }), one.name),
          h('td', { class: 'number' }, number(last(one))), h('td', { class: 'number' }, number(one.peak))))))),
    ]);
}
