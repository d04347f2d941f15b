// Elements from descriptions. Text becomes text nodes and nothing else, so that no value of a user
// is ever read as markup.

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element; properties that start with "on" are listeners, "vars" are CSS variables. */
export function h(tag, properties, ...children) {
  return build(document.createElement(tag), properties, children);
}

/** An SVG element. */
export function s(tag, properties, ...children) {
  return build(document.createElementNS(SVG, tag), properties, children);
}

function build(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element[name] = value;
    else if (name === 'vars') for (const [key, v] of Object.entries(value)) element.style.setProperty(key, String(v));
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(element, child);
    else element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/**
 * Makes an element's content like that of another one and keeps what is alike, so that focus,
 * selection and open details survive.
 */
export function become(element, wanted) {
  const next = [...wanted.childNodes];
  const before = [...element.childNodes];
  next.forEach((node, at) => {
    const old = before[at];
    if (!old) element.append(node);
    else if (isAlike(old, node)) patch(old, node);
    else element.replaceChild(node, old);
  });
  before.slice(next.length).forEach(node => node.remove());
}

function isAlike(one, other) {
  return one.nodeType === other.nodeType && one.nodeName === other.nodeName
    && (one.nodeType !== Node.ELEMENT_NODE || one.getAttribute('data-key') === other.getAttribute('data-key'));
}

const LISTENERS = ['onclick', 'onchange', 'oninput', 'onsubmit'];

function patch(old, node) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== node.data) old.data = node.data;
    return;
  }
  for (const { name } of [...old.attributes]) {
    const isOfTheReader = name === 'open';
    if (!isOfTheReader && !node.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of node.attributes) {
    if (name === 'style') continue;
    if (name !== 'open' && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (old.style.cssText !== node.style.cssText) old.style.cssText = node.style.cssText;
  LISTENERS.forEach(name => { old[name] = node[name]; });
  if (old.nodeName !== 'SELECT' || old !== document.activeElement) become(old, node);
}
