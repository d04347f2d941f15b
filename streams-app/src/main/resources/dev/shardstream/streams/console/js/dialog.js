// Questions to the reader, as the browser's own dialogs: focus stays in them, Escape leaves them.

import { h } from './dom.js';

function open(dialog) {
  document.body.append(dialog);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.showModal();
}

/**
 * Asks before something is done. What is done may fail: then the dialog says so and stays.
 *
 * @param fields elements between text and buttons
 * @param before what has to be there before it can be confirmed; a promise that may fail
 * @param act is called on confirmation; returns a promise
 */
export function confirm({ title, text, verb, grave, fields = [], before, act }) {
  const problem = h('p', { class: 'problem', role: 'alert' });
  const go = h('button', { class: grave ? 'grave' : 'primary', type: 'submit', 'data-confirm': '' }, verb);
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' },
    h('form', {
      onsubmit: async event => {
        event.preventDefault();
        go.disabled = true;
        problem.textContent = '';
        try {
          const more = await act(new FormData(event.target));
          if (more) problem.textContent = more;
          else dialog.close();
        } catch (failure) {
          problem.textContent = failure.message;
        }
        go.disabled = false;
      },
    },
    h('h2', { id: 'dialog-title' }, title), h('p', {}, text), fields, problem,
    h('div', { class: 'buttons' },
      h('button', { type: 'button', onclick: () => dialog.close() }, 'Keep as it is'), go)));
  if (before) {
    go.disabled = true;
    before.then(() => { go.disabled = false; }, failure => { problem.textContent = failure.message; });
  }
  open(dialog);
}

/** Asks for a token until there is one. */
export function askToken() {
  return new Promise(resolve => {
    const input = h('input', { type: 'password', name: 'token', required: true, autocomplete: 'off' });
    const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' },
      h('form', {
        onsubmit: event => {
          event.preventDefault();
          dialog.close();
          resolve(input.value);
        },
      },
      h('h2', { id: 'dialog-title' }, 'Access token'),
      h('p', {}, 'This control plane asks for a token. It is kept until this tab is closed.'),
      h('label', { class: 'field' }, h('span', {}, 'Token'), input),
      h('div', { class: 'buttons' }, h('button', { class: 'primary', type: 'submit' }, 'Use it'))));
    dialog.addEventListener('cancel', event => event.preventDefault());
    open(dialog);
  });
}
