// Which view is shown, and the frame around it.

import { become, h } from './dom.js';
import { follow } from './events.js';
import { words } from './format.js';
import { apply, changed, choose, onChange, openTable, report, state } from './store.js';
import { ddl } from './views/ddl.js';
import { lag } from './views/lag.js';
import { nodes } from './views/nodes.js';
import { reshard, reshards } from './views/reshards.js';
import { table } from './views/table.js';
import { tables } from './views/tables.js';

const VIEWS = { tables, reshards, lag, ddl, nodes };
const NAMES = { tables: 'Tables', reshards: 'Reshards', lag: 'Lag', ddl: 'DDL', nodes: 'Nodes' };
const DETAILS = { tables: table, reshards: reshard };

const main = document.getElementById('main');
const tabs = document.getElementById('tabs');
const link = document.getElementById('link');
const news = document.getElementById('news');
const database = document.getElementById('database');

function place() {
  const [, view = 'tables', name] = location.hash.split('/').map(decodeURIComponent);
  return { view: VIEWS[view] ? view : 'tables', name };
}

function render() {
  const { view, name } = place();
  if (view === 'tables' && name) openTable(name);
  const shown = name && DETAILS[view] ? DETAILS[view] : VIEWS[view];
  become(main, h('div', {}, state.error ? h('p', { class: 'notice', role: 'alert' }, state.error) : null, shown({ state, report, name })));
  const running = (state.reshards ?? []).filter(one => !one.ended).length;
  become(tabs, h('div', {}, Object.keys(VIEWS).map(key =>
    h('a', { href: `#/${key}`, 'aria-current': key === view ? 'page' : null }, NAMES[key],
      key === 'reshards' && running > 0 ? h('span', { class: 'count', 'aria-label': `${running} running` }, running) : null))));
  become(link, h('div', {}, h('span', { class: `dot ${state.link}` }), state.link === 'live' ? 'live' : 'connecting …'));
  const names = [...new Set([...state.databases, state.database])].sort();
  become(database, h('div', {}, names.map(one => h('option', { value: one, selected: one === state.database }, one))));
  database.value = state.database;
  document.title = `${name ?? NAMES[view]} – Shardstream`;
  announce();
}

const phases = new Map();

/** Tells a reader who does not see the page of each phase, once. */
function announce() {
  for (const one of state.reshards ?? []) {
    const before = phases.get(one.reshardId);
    phases.set(one.reshardId, one.status);
    if (before && before !== one.status) news.textContent = `Reshard of ${one.table}: ${words(one.status)}`;
  }
}

database.onchange = () => {
  location.hash = '#/tables';
  choose(database.value);
};
window.addEventListener('hashchange', () => {
  render();
  main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
});
onChange(render);
render();
follow(apply, now => {
  state.link = now;
  changed();
});
