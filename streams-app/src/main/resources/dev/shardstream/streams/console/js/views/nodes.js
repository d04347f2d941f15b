// The nodes.

import { h } from '../dom.js';
import { bytes, duration, number, plural } from '../format.js';
import { nodeButton, rebalanceButton } from './moves.js';
import { nothing, page } from './page.js';
import { fact } from './tables.js';

export function nodes({ state }) {
  const list = state.nodes;
  return page('Nodes', list.length > 0 ? [plural(list.length, 'node'), rebalanceButton(state.database)] : null,
    list.length === 0 ? nothing('No node has been heard of.')
      : h('ul', { class: 'cards' }, list.map(node => card(node, state.database))));
}

function card(node, database) {
  const used = node.capacityBytes - node.freeBytes;
  const lags = node.shards.map(shard => shard.lag).filter(lag => lag !== null);
  const stopped = node.shards.filter(shard => shard.error);
  return h('li', { class: 'card', 'data-key': node.nodeId },
    h('h2', {}, node.nodeId, h('span', { class: `state ${node.state}` }, node.state)),
    h('p', { class: 'quiet small' }, node.endpoint),
    h('dl', { class: 'facts' },
      fact('Shards', number(node.shards.length)), fact('Rows', number(node.shards.reduce((sum, shard) => sum + shard.rows, 0))),
      fact('Largest lag', lags.length > 0 ? number(Math.max(...lags)) : '–'),
      fact('Last heartbeat', node.silentMillis < 3000 ? 'just now' : `${duration(node.silentMillis)} ago`)),
    h('div', { class: 'progress' },
      h('progress', { class: used > 0.9 * node.capacityBytes ? 'full' : null, max: node.capacityBytes, value: used, 'aria-label': `Disk used on ${node.nodeId}` }),
      h('span', {}, `${bytes(node.freeBytes)} free`)),
    stopped.map(shard => h('p', { class: 'problem' }, `${shard.tableId}/${shard.shardId}: ${shard.error}`)),
    h('div', { class: 'buttons' }, ['drain', 'undrain'].map(verb => nodeButton(database, node, verb))));
}
