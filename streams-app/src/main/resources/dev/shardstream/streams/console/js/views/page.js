// The frame of every view.

import { h } from '../dom.js';

/** A view with its heading; aside stands beside it. */
export function page(title, aside, ...content) {
  return h('div', { class: 'page' },
    h('header', { class: 'head' }, h('h1', {}, title), aside ? h('div', { class: 'aside' }, aside) : null),
    content);
}

export function section(title, ...content) {
  return h('section', { class: 'part' }, h('h2', {}, title), content);
}

/** Where a list would be. */
export function nothing(text) {
  return h('p', { class: 'empty' }, text);
}
