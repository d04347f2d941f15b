// The HTTP API. A token is asked for when the API wants one, and kept for this tab only.

import { askToken } from './dialog.js';

const TOKEN = 'shardstream-token';

/** An error that the API has told. */
export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

let asking = null;

/** Headers of every request. */
export function authorization() {
  const token = sessionStorage.getItem(TOKEN);
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/**
 * Asks the reader for a token, once for all who wait for it, unless there is another one by now.
 *
 * @param refused headers with the one that was not taken
 */
export function renewToken(refused) {
  if (refused.Authorization !== authorization().Authorization) return Promise.resolve();
  asking ??= askToken().then(token => {
    sessionStorage.setItem(TOKEN, token);
    asking = null;
  });
  return asking;
}

async function request(path, options = {}) {
  const headers = { ...options.headers, ...authorization() };
  const response = await fetch(path, { ...options, headers });
  if (response.status === 401) {
    await renewToken(headers);
    return request(path, options);
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new ApiError(response.status, body.code ?? 'INTERNAL', body.message ?? `HTTP ${response.status}`);
  }
  return body;
}

/** GETs one thing of a database. */
export function read(database, ...path) {
  return request(`/v1/databases/${[database, ...path].map(encodeURIComponent).join('/')}`);
}

export const databases = () => request('/v1/databases').then(body => body.databases);
export const nodes = () => request('/v1/nodes').then(body => body.nodes);

/** Gives a command and waits a while for its outcome. The key makes giving it twice harmless. */
export function command(database, path, body = {}) {
  return request(`/v1/databases/${[database, ...path].map(encodeURIComponent).join('/')}?wait=15`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID?.() ?? key() },
    body: JSON.stringify(body),
  });
}

/** Where the page is not served over HTTPS nor from this machine, there is no randomUUID. */
function key() {
  return 'console-' + [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, '0')).join('');
}
