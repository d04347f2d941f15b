// Numbers and times for people. Pure.

const NUMBER = new Intl.NumberFormat('en');

/** 1234567 → "1,234,567"; nothing known → "–". */
export function number(value) {
  return value === null || value === undefined ? '–' : NUMBER.format(value);
}

/** 1234567 → "1.23 M": for places with little room. */
export function short(value) {
  if (value === null || value === undefined) return '–';
  const steps = [[1e9, ' G'], [1e6, ' M'], [1e4, ' k']];
  const step = steps.find(([size]) => value >= size);
  if (!step) return number(Math.round(value));
  const divisor = step[1] === ' k' ? 1e3 : step[0];
  return (value / divisor).toPrecision(3) + step[1];
}

/** Bytes in binary units. */
export function bytes(value) {
  if (value === null || value === undefined) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let size = value;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return (unit === 0 ? size : size.toPrecision(3)) + ' ' + units[unit];
}

/** Milliseconds as a duration: "430 ms", "8.2 s", "3 min 20 s", "2 h 5 min". */
export function duration(millis) {
  if (millis === null || millis === undefined) return '–';
  if (millis < 1000) return Math.max(0, Math.round(millis)) + ' ms';
  const seconds = millis / 1000;
  if (seconds < 60) return seconds.toFixed(1) + ' s';
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole % 3600 / 60)} min`;
}

/** A moment as local date and time. */
export function time(millis) {
  return new Date(millis).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}

/** Intervals of virtual shards: [[0,63],[70,70]] → "0–63, 70". */
export function intervals(pairs) {
  return pairs.map(([from, to]) => from === to ? String(from) : `${from}–${to}`).join(', ');
}

/** How many numbers intervals have. */
export function count(pairs) {
  return pairs.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** "to_be_deleted" → "to be deleted". */
export function words(name) {
  return name.replaceAll('_', ' ');
}

/** 1 shard, 2 shards. */
export function plural(value, noun) {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
}
