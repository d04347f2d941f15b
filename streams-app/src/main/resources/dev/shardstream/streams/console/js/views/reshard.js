// A reshard as it moves.

import { command } from '../api.js';
import { confirm } from '../dialog.js';
import { h } from '../dom.js';
import { duration, number, plural, short, time, words } from '../format.js';
import { hue } from '../map.js';
import { fact } from './tables.js';

const PHASES = ['queued', 'copying', 'replaying', 'verifying', 'switching', 'complete'];

const VERBS = {
  pause: ['Pause', 'It stops copying, applying goes on. Nothing is lost; it goes on where it was when it is resumed.'],
  resume: ['Resume', 'It goes on where it was.'],
  switch: ['Switch', 'Both sides were found equal. They are compared once more, and then the new shards take over.'],
  cancel: ['Cancel', 'The new shards are dropped. The table stays as it is.', true],
  rollback: ['Roll back', 'The old shards take over again at once; they have had every write. The new ones are dropped.', true],
  complete: ['Complete', 'What is kept beside the table’s shards is dropped now, without waiting for the grace period. There is no way back from that.', true],
  retry: ['Retry', 'Another reshard begins with the same aim.'],
};

/** Part of the copy that is done, 0 to 1. Pure. */
export function copied(reshard) {
  const all = reshard.targets.reduce((sum, t) => sum + t.virtualShards, 0);
  return all === 0 ? 0 : reshard.targets.reduce((sum, t) => sum + t.virtualShardsCopied, 0) / all;
}

/** Rows copied per second of the copying phase, waits included; null before it. Pure. */
export function pace(reshard) {
  const phases = reshard.phases.filter(phase => phase.status === 'copying');
  const millis = phases.reduce((sum, phase) => sum + (phase.finishedAt ?? reshard.updatedAt) - phase.startedAt, 0);
  const rows = reshard.targets.reduce((sum, target) => sum + target.rowsCopied, 0);
  return millis > 0 ? rows * 1000 / millis : null;
}

/** What a reshard waits for, in words; null when it goes on by itself. Pure. */
export function waits(reshard) {
  if (reshard.ended) return null;
  if (reshard.paused) return 'It is paused.';
  if (reshard.backingOff) return 'It waits for shards that are too far behind their log.';
  if (reshard.waitsForSwitch) return 'Both sides are equal. It waits to be told to switch.';
  if (reshard.status === 'switching' && reshard.rolledBackAt === null) return 'It has switched. The old shards are kept for a while, to roll back.';
  if (reshard.status === 'switching') return 'It was rolled back. What it made is dropped soon.';
  return null;
}

/** What the last verify found, in words. Pure. */
export function verified(reshard) {
  const different = new Set(reshard.mismatches.map(m => m.virtualShard)).size;
  if (different > 0) return `${plural(different, 'virtual shard')} differ${different === 1 ? 's' : ''}`;
  if (reshard.digestsCompared > 0) return `${number(reshard.digestsCompared)} digests, all equal`;
  return reshard.verifyAttempt > 0 ? 'comparing …' : 'not yet';
}

export function reshardCard(reshard, database) {
  const { targets } = reshard;
  const sum = field => targets.reduce((total, target) => total + target[field], 0);
  const lag = targets.some(t => t.lag === null) || targets.length === 0 ? null : Math.max(...targets.map(t => t.lag));
  return h('article', { class: 'card reshard', 'data-key': reshard.reshardId, 'data-status': reshard.status, id: `reshard-${reshard.reshardId}` },
    h('h2', {}, h('a', { href: `#/reshards/${encodeURIComponent(reshard.reshardId)}` }, reshard.table),
      h('span', { class: 'route' }, aim(reshard)),
      h('span', { class: `state ${reshard.status}` }, words(reshard.status)),
      reshard.paused ? h('span', { class: 'state paused' }, 'paused') : null),
    steps(reshard),
    waits(reshard) ? h('p', { class: 'waits' }, waits(reshard)) : null,
    reshard.errorMessage ? h('p', { class: 'problem' }, `${reshard.errorCode}: ${reshard.errorMessage}`) : null,
    reshard.ended ? null : bar(reshard),
    h('dl', { class: 'facts' },
      fact('Rows copied', number(sum('rowsCopied'))), fact('Rows/s', short(pace(reshard))),
      fact('Copy left', reshard.status === 'copying' ? duration(reshard.remainingMillis) : '–'),
      fact('Replayed', number(sum('replayedChanges'))), fact('Lag', number(lag)), fact('Verify', verified(reshard))),
    reshard.mismatches.length > 0 ? mismatches(reshard.mismatches) : null,
    h('div', { class: 'buttons' }, reshard.actions.filter(verb => VERBS[verb]).map(verb => button(reshard, verb, database)),
      reshard.actions.includes('throttle') && reshard.status === 'copying' ? throttle(reshard, database) : null),
    targets.length > 0 ? h('details', { class: 'targets' }, h('summary', {}, plural(targets.length, 'target')), targetList(targets)) : null,
    h('p', { class: 'quiet small' }, `${reshard.reshardId} · started ${time(reshard.startedAt)}`,
      reshard.ended ? ` · took ${duration(reshard.updatedAt - reshard.startedAt)}` : null,
      reshard.retryOf ? ` · repeats ${reshard.retryOf}` : null));
}

function aim(reshard) {
  if (reshard.purpose !== 'reshard') return words(reshard.purpose);
  return `${reshard.sourceShards.length} → ${reshard.targetShards.length} shards`;
}

function steps(reshard) {
  const past = new Map(reshard.phases.map(phase => [phase.status, phase]));
  const at = PHASES.indexOf(reshard.status);
  const last = at >= 0 ? at : Math.max(...reshard.phases.map(phase => PHASES.indexOf(phase.status)), 0);
  return h('ol', { class: 'steps' }, PHASES.map((phase, number) => {
    const seen = past.get(phase);
    const place = number < last || reshard.status === 'complete' ? 'done' : number === last ? (reshard.ended ? 'broken' : 'now') : 'ahead';
    return h('li', { class: place, 'aria-current': place === 'now' ? 'step' : null },
      h('span', { class: 'step-name' }, phase),
      h('span', { class: 'step-time' }, seen?.finishedAt ? duration(seen.finishedAt - seen.startedAt) : ''));
  }));
}

function bar(reshard) {
  const percent = Math.round(copied(reshard) * 100);
  return h('div', { class: 'progress' },
    h('progress', { max: 100, value: percent, 'aria-label': `Copy of ${reshard.table}` }),
    h('span', {}, `${percent} % copied`));
}

function targetList(targets) {
  return h('div', { class: 'scroll' }, h('table', {},
    h('thead', {}, h('tr', {}, ['Shard', 'Node', 'Copied', 'Rows', 'Rows/s', 'Lag']
      .map((name, at) => h('th', { scope: 'col', class: at > 1 ? 'number' : null }, name)))),
    h('tbody', {}, targets.map(target => h('tr', { 'data-key': target.shardId },
      h('th', { scope: 'row' }, h('span', { class: 'swatch', vars: { '--hue': hue(target.shardId) } }), target.shardId),
      h('td', {}, target.node), h('td', { class: 'number' }, `${target.virtualShardsCopied} of ${target.virtualShards}`),
      h('td', { class: 'number' }, number(target.rowsCopied)), h('td', { class: 'number' }, number(target.rowsPerSecond)),
      h('td', { class: 'number' }, number(target.lag)))))));
}

function mismatches(list) {
  return h('div', { class: 'scroll' }, h('table', {}, h('caption', {}, 'What differs'),
    h('thead', {}, h('tr', {}, ['Virtual shard', 'Source', 'Target', 'Keys'].map(name => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, list.map(m => h('tr', {}, h('th', { scope: 'row' }, m.virtualShard),
      h('td', {}, `shard ${m.sourceShard}, ${plural(m.sourceRows, 'row')}`), h('td', {}, `shard ${m.targetShard}, ${plural(m.targetRows, 'row')}`),
      h('td', {}, h('code', {}, m.keys.join(' ')))))))); 
}

function button(reshard, verb, database) {
  const [label, text, grave] = VERBS[verb];
  return h('button', {
    type: 'button', class: grave ? 'grave outline' : 'outline', 'data-action': verb,
    onclick: () => confirm({
      title: `${label}: ${reshard.table}, ${aim(reshard)}`, text, verb: label, grave,
      act: async () => {
        const { outcome } = await command(database, ['reshards', reshard.reshardId, verb]);
        if (outcome?.reshard && outcome.reshard !== reshard.reshardId) location.hash = `#/reshards/${encodeURIComponent(outcome.reshard)}`;
      },
    }),
  }, label);
}

function throttle(reshard, database) {
  const limit = reshard.rowsPerSecondLimit;
  return h('p', { class: 'small pace' }, limit > 0 ? `At most ${number(limit)} rows/s. ` : null,
    h('button', {
      type: 'button', class: 'plain', 'data-action': 'throttle',
      onclick: () => confirm({
        title: `Pace of ${reshard.table}`, text: 'Most rows that all targets together copy in a second; 0 for as fast as it goes.', verb: 'Set',
        fields: [h('label', { class: 'field' }, h('span', {}, 'Rows per second'), h('input', { type: 'number', name: 'rows', min: 0, value: limit ?? 0, required: true }))],
        act: form => command(database, ['reshards', reshard.reshardId, 'throttle'], { rowsPerSecond: Number(form.get('rows')) }).then(() => null),
      }),
    }, 'Change its pace …'));
}
