// Reshards: those that run, and those that have ended.

import { h } from '../dom.js';
import { nothing, page, section } from './page.js';
import { reshardCard } from './reshard.js';

export function reshards({ state }) {
  const list = state.reshards;
  if (!list) return page('Reshards', null, nothing('Loading …'));
  const cards = some => h('div', { class: 'stack' }, some.map(reshard => reshardCard(reshard, state.database)));
  const running = list.filter(reshard => !reshard.ended);
  const ended = list.filter(reshard => reshard.ended);
  return page('Reshards', null,
    section('Running', running.length > 0 ? cards(running) : nothing('None. A table’s page starts one.')),
    ended.length > 0 ? section('Ended', cards(ended)) : null);
}

export function reshard({ state, name }) {
  const found = state.reshards?.find(one => one.reshardId === name);
  return page('Reshard', h('a', { href: '#/reshards' }, 'All reshards'),
    found ? reshardCard(found, state.database)
      : nothing(state.reshards ? `Reshard ${name} is not known here, or not yet.` : 'Loading …'));
}
