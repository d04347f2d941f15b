// The console's logic that needs no page. Run by ConsoleScriptsTest, or by node --test.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const SOURCES = new URL('../../main/resources/dev/shardstream/streams/console/js/', import.meta.url);
const load = path => import(new URL(path, SOURCES));

const { bytes, count, duration, intervals, number, short } = await load('format.js');
const { EventParser } = await load('events.js');
const { ceiling, points } = await load('chart.js');
const { hue, inOrder, lanes, ownersOf } = await load('map.js');
const { copied, pace, verified, waits } = await load('views/reshard.js');
const { series } = await load('views/lag.js');
const { choices, planned } = await load('views/moves.js');

const shard = (id, node, from, to, status = 'active') => ({ id, node, status, role: 'owner', virtualShards: [[from, to]] });

test('numbers, sizes and times are written for people', () => {
  assert.deepEqual([number(1234567), number(null), short(1234567), short(99)], ['1,234,567', '–', '1.23 M', '99']);
  assert.deepEqual([bytes(512), bytes(1536), bytes(null)], ['512 B', '1.50 KiB', '–']);
  assert.deepEqual([430, 8200, 200_000, 7_500_000, null].map(duration), ['430 ms', '8.2 s', '3 min 20 s', '2 h 5 min', '–']);
  assert.equal(intervals([[0, 63], [70, 70]]), '0–63, 70');
  assert.equal(count([[0, 63], [70, 70]]), 65);
});

test('events are whole however they are cut', () => {
  const text = 'id: a-1\nevent: table\ndata: {"x":1}\n\n: still here\n\nevent: nodes\ndata: {"y":\ndata: 2}\n\n';
  const wanted = [{ id: 'a-1', type: 'table', data: '{"x":1}' }, { id: null, type: 'nodes', data: '{"y":\n2}' }];
  for (let size = 1; size <= text.length; size++) {
    const parser = new EventParser();
    const events = [];
    for (let at = 0; at < text.length; at += size) events.push(...parser.push(text.slice(at, at + size)));
    assert.deepEqual(events, wanted);
  }
});

test('every virtual shard is drawn in the colour of its owner', () => {
  const shards = [shard(1, 'b', 128, 255), shard(0, 'a', 0, 127)];
  const owners = ownersOf(shards);
  assert.equal(owners.length, 256);
  assert.deepEqual([owners[0].id, owners[127].id, owners[128].id, owners[255].id], [0, 0, 1, 1]);
  assert.equal(ownersOf([shards[0]])[5], undefined);
  assert.equal(new Set([...Array(16).keys()].map(hue)).size, 16);
});

test('shards stand in the order of what they hold, nodes in the order of their numbers', () => {
  const shards = [shard(5, 'node-10', 0, 127, 'pending'), shard(1, 'node-2', 128, 255), shard(0, 'node-10', 0, 127)];
  assert.deepEqual(inOrder(shards).map(one => one.id), [0, 1, 5]);
  assert.deepEqual(lanes(shards).map(([node, held]) => [node, held.length]), [['node-2', 1], ['node-10', 2]]);
});

test('an axis ends at a round number', () => {
  assert.deepEqual([0, 7, 11, 20, 21, 501, 1000, 1001].map(ceiling), [10, 10, 20, 20, 50, 1000, 1000, 2000]);
  assert.deepEqual(points([[0, 0], [5, undefined], [10, 100]], 0, 10, 100), [[0, 180], [720, 0]]);
});

test('a reshard says how far it is, what it waits for and what it found', () => {
  const reshard = {
    ended: false, paused: false, backingOff: false, waitsForSwitch: false, status: 'copying', rolledBackAt: null,
    targets: [{ virtualShards: 128, virtualShardsCopied: 64 }, { virtualShards: 128, virtualShardsCopied: 0 }],
    mismatches: [], digestsCompared: 0, verifyAttempt: 0,
  };
  assert.equal(copied(reshard), 0.25);
  assert.equal(copied({ targets: [] }), 0);
  assert.equal(pace({ phases: [], targets: [], updatedAt: 9 }), null);
  assert.equal(pace({ phases: [{ status: 'copying', startedAt: 0, finishedAt: null }], targets: [{ rowsCopied: 90 }, { rowsCopied: 10 }], updatedAt: 2000 }), 50);
  assert.equal(waits(reshard), null);
  assert.equal(waits({ ...reshard, paused: true }), 'It is paused.');
  assert.equal(verified(reshard), 'not yet');
  assert.equal(verified({ ...reshard, verifyAttempt: 1, digestsCompared: 256 }), '256 digests, all equal');
  assert.equal(verified({ ...reshard, mismatches: [{ virtualShard: 7 }, { virtualShard: 7 }] }), '1 virtual shard differs');
});

test('what is active can be moved, to nodes that are up', () => {
  const shards = [shard(1, 'a', 128, 255), shard(2, 'a', 0, 127, 'pending'), shard(0, 'b', 0, 127)];
  const nodes = [['b', 'up'], ['a', 'up'], ['c', 'silent']].map(([nodeId, state]) => ({ nodeId, state }));
  assert.deepEqual(choices(shards, nodes), { shards: [shards[2], shards[0]], nodes: ['a', 'b'] });
  assert.equal(planned({ message: '1 move: t 0 to node \'a\'' }), '1 move: t 0 to node \'a\'');
  assert.equal(planned({ message: null }), 'Nothing is to be moved.');
  assert.throws(() => planned(null), /not come yet/);
});

test('the tables furthest behind are charted, the worst first', () => {
  const samples = [{ at: 1, byTable: new Map([['a', 1], ['b', 9]]) }, { at: 2, byTable: new Map([['a', 3]]) }];
  assert.deepEqual(series(samples).map(({ name, peak, samples: line }) => ({ name, peak, line })), [
    { name: 'b', peak: 9, line: [[1, 9], [2, undefined]] },
    { name: 'a', peak: 3, line: [[1, 1], [2, 3]] },
  ]);
});
