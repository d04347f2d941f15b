// Lines over time, as SVG.

import { h, s } from './dom.js';
import { short } from './format.js';

const WIDTH = 720;
const HEIGHT = 180;

/** A round number that is not less: the top of an axis. Pure. */
export function ceiling(value) {
  if (value <= 10) return 10;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(factor => factor * power).find(top => top >= value);
}

/** Points of a line: [x, y] of each sample that is known. Pure. */
export function points(samples, begin, end, top) {
  return samples
    .filter(([, value]) => value !== undefined)
    .map(([at, value]) => [
      (at - begin) / Math.max(1, end - begin) * WIDTH,
      HEIGHT - Math.min(1, value / top) * HEIGHT,
    ]);
}

/**
 * @param series [{name, hue, samples: [[time, value]]}]
 * @param summary what the chart says, in words
 */
export function lines(series, summary) {
  const all = series.flatMap(one => one.samples);
  const times = all.map(([at]) => at);
  const begin = Math.min(...times);
  const end = Math.max(...times);
  const top = ceiling(Math.max(0, ...all.map(([, value]) => value ?? 0)));
  return h('figure', { class: 'chart' },
    h('div', { class: 'plot' },
      h('span', { class: 'top' }, short(top)), h('span', { class: 'bottom' }, '0'),
      s('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': summary },
        [0.25, 0.5, 0.75].map(part => s('line', { class: 'rule', x1: 0, x2: WIDTH, y1: HEIGHT * part, y2: HEIGHT * part })),
        series.map(one => s('polyline', {
          class: 'line',
          vars: { '--hue': one.hue },
          points: points(one.samples, begin, end, top).map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' '),
        })))),
    h('figcaption', {}, h('span', {}, ago(end - begin)), h('span', {}, 'now')));
}

function ago(millis) {
  const seconds = Math.round(millis / 1000);
  return seconds < 120 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
}
