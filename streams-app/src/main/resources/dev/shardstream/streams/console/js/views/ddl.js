// The log of commands, with what each depends on.

import { h } from '../dom.js';
import { time } from '../format.js';
import { nothing, page } from './page.js';

export function ddl({ state }) {
  const list = state.commands;
  return page('DDL log', list ? 'newest first' : null,
    !list ? nothing('Loading …') : list.length === 0 ? nothing('No command yet.')
      : h('ol', { class: 'log' }, list.map(command => entry(command, new Set(list.map(c => c.commandId))))));
}

function entry(command, known) {
  return h('li', { class: 'card', 'data-key': command.commandId, id: `command-${command.commandId}` },
    h('h2', {}, h('span', { class: `state ${command.status}` }, command.status), h('code', {}, command.operation),
      command.table ? h('a', { href: `#/tables/${encodeURIComponent(command.table)}` }, command.table) : null,
      command.schemaVersion !== null ? h('span', { class: 'tag' }, `version ${command.schemaVersion}`) : null,
      command.reshard ? h('a', { class: 'tag', href: `#/reshards/${encodeURIComponent(command.reshard)}` }, command.reshard) : null),
    command.message ? h('p', { class: command.code ? 'problem' : 'quiet' }, command.code ? `${command.code}: ` : null, command.message) : null,
    command.dependsOn.length > 0
      ? h('p', { class: 'depends' }, 'after ', command.dependsOn.map(id => dependency(id, known))) : null,
    h('p', { class: 'quiet small' }, `${time(command.at)} · ${command.issuedBy} · ${command.commandId}`));
}

function dependency(id, known) {
  const label = id.length > 12 ? `${id.slice(0, 12)}…` : id;
  return known.has(id)
    ? h('button', { type: 'button', class: 'tag', title: id, onclick: () => show(id) }, label)
    : h('span', { class: 'tag', title: id }, label);
}

function show(id) {
  const target = document.getElementById(`command-${id}`);
  target?.scrollIntoView({ block: 'center' });
  target?.setAttribute('tabindex', '-1');
  target?.focus();
}
