// Shards that go to other nodes: one by hand, all of a node, or as few as make it even.

import { command } from '../api.js';
import { confirm } from '../dialog.js';
import { h } from '../dom.js';
import { inOrder } from '../map.js';

/** Shards of a table that can be moved, and the nodes that could take one. Pure. */
export function choices(shards, nodes) {
  return {
    shards: inOrder(shards.filter(shard => shard.status === 'active')),
    nodes: nodes.filter(node => node.state === 'up').map(node => node.nodeId)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true })),
  };
}

/** What was told of a plan that was only asked for, in words. Pure. */
export function planned(outcome) {
  if (!outcome) throw new Error('The plan has not come yet. Close this and ask again.');
  return outcome.message ?? 'Nothing is to be moved.';
}

function field(label, name, options) {
  return h('label', { class: 'field' }, h('span', {}, label),
    h('select', { name, required: true }, options.map(([value, text]) => h('option', { value }, text))));
}

function showReshard(outcome) {
  if (outcome?.reshard) location.hash = `#/reshards/${encodeURIComponent(outcome.reshard)}`;
}

export function moveButton(database, head, all, nodes, disabled) {
  const { shards, nodes: takers } = choices(all, nodes);
  return h('button', {
    class: 'outline', type: 'button', 'data-action': 'move', disabled: disabled || takers.length < 2,
    onclick: () => confirm({
      title: `Move a shard of ${head.name}`,
      text: 'The shard is made anew on the other node, compared, and then dropped where it is. The table is read and written all the time.',
      verb: 'Move',
      fields: [
        field('Shard', 'shard', shards.map(shard => [shard.id, `shard ${shard.id}${shard.role === 'replica' ? ', a replica,' : ''} on ${shard.node}`])),
        field('To node', 'node', takers.map(node => [node, node])),
      ],
      act: async form => {
        const { outcome } = await command(database, ['tables', head.name, 'moves'], { shardId: Number(form.get('shard')), toNode: form.get('node') });
        if (outcome?.status === 'applied') return 'It is there already.';
        showReshard(outcome);
      },
    }),
  }, 'Move a shard …');
}

const ofNode = {
  drain: ['Drain', 'It gets no new shard of this database, and those that it has are moved to other nodes.', true],
  undrain: ['Undrain', 'It takes shards of this database again. What was moved away stays where it is.'],
};

export function nodeButton(database, node, verb) {
  const [label, text, grave] = ofNode[verb];
  return h('button', {
    class: grave ? 'grave outline' : 'outline', type: 'button', 'data-action': verb, 'aria-label': `${label} ${node.nodeId}`,
    onclick: () => confirm({
      title: `${label} ${node.nodeId}, database ${database}`, text, verb: label, grave,
      act: async () => {
        await command(database, ['nodes', node.nodeId, verb]);
        location.hash = '#/ddl';
      },
    }),
  }, label);
}

/** Asks for the plan first: there is nothing to confirm before it is known. */
export function rebalanceButton(database) {
  return h('button', {
    class: 'primary', type: 'button', 'data-action': 'rebalance',
    onclick: () => {
      const plan = h('p', { class: 'plan', role: 'status' }, 'The plan is being made …');
      confirm({
        title: `Rebalance database ${database}`,
        text: 'Shards are spread evenly over the nodes that take some, by few moves, one after the other.',
        verb: 'Start',
        fields: [plan],
        before: command(database, ['rebalance'], { dryRun: true }).then(
          ({ outcome }) => { plan.textContent = planned(outcome); },
          failure => {
            plan.textContent = '';
            throw failure;
          }),
        act: async () => {
          await command(database, ['rebalance']);
          location.hash = '#/ddl';
        },
      });
    },
  }, 'Rebalance …');
}
