// Pictures of the console, light, dark and on a phone, by Debian's chromium-driver:
//   node streams-app/src/test/js/screenshots.mjs DIRECTORY [URL of a console] [picture …]
// Without a URL it shows the preview.

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [directory, url, ...only] = process.argv.slice(2);
const DRIVER_PORT = 19515;
const PREVIEW_PORT = 19516;
const children = [];

const PICTURES = {
  'console-table': { at: '#/tables/orders', width: 1280, height: 1250 },
  'console-table-dark': { at: '#/tables/orders', width: 1280, height: 1250, dark: true },
  'console-table-phone': { at: '#/tables/orders', width: 390, height: 1400, dark: false, phone: true },
  'console-reshards': { at: '#/reshards', width: 1280, height: 1100 },
  'console-tables': { at: '#/tables', width: 1280, height: 620 },
  'console-ddl': { at: '#/ddl', width: 1280, height: 800, dark: true },
  'console-nodes': { at: '#/nodes', width: 1280, height: 620 },
  'console-lag': { at: '#/lag', width: 1280, height: 700, dark: true, wait: 20_000 },
};

function start(program, ...parameters) {
  const child = spawn(program, parameters, { stdio: 'ignore' });
  child.on('error', failure => console.error(`${program}: ${failure.message}`));
  children.push(child);
}

const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

async function driver(method, path, body) {
  const response = await fetch(`http://127.0.0.1:${DRIVER_PORT}${path}`, { method, body: body ? JSON.stringify(body) : undefined });
  const { value } = await response.json();
  if (!response.ok) throw new Error(value.message);
  return value;
}

async function ready() {
  for (let attempt = 0; attempt < 120; attempt++) {
    const up = await driver('GET', '/status').then(value => value.ready, () => false);
    if (up) return;
    await pause(500);
  }
  throw new Error('chromedriver did not start: apt-get install chromium-driver');
}

async function take(session, name, { at, width, height, dark = false, phone = false, wait = 0 }, base) {
  const cdp = (cmd, params) => driver('POST', `${session}/goog/cdp/execute`, { cmd, params });
  const script = text => driver('POST', `${session}/execute/sync`, { script: text, args: [] });
  await cdp('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: phone });
  await cdp('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }] });
  await driver('POST', `${session}/url`, { url: `${base}/?database=shop&for=${name}${at}` });
  for (let attempt = 0; attempt < 240; attempt++) {
    if (await script("return document.querySelector('main h1') !== null && !document.querySelector('main').textContent.includes('Loading') && document.querySelector('#link .live') !== null")) break;
    await pause(250);
  }
  await pause(1500 + wait);
  const image = await driver('GET', `${session}/screenshot`);
  writeFileSync(`${directory}/${name}.png`, Buffer.from(image, 'base64'));
  console.log(`${directory}/${name}.png`, await script('return document.documentElement.scrollWidth > innerWidth ? "wider than the window" : ""'));
}

try {
  start('chromedriver', `--port=${DRIVER_PORT}`);
  if (!url) start(process.execPath, fileURLToPath(new URL('preview.mjs', import.meta.url)), String(PREVIEW_PORT));
  await ready();
  const { sessionId, capabilities } = await driver('POST', '/session', { capabilities: { alwaysMatch: {
    'goog:chromeOptions': { args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars'] },
    'goog:loggingPrefs': { browser: 'ALL' } } } });
  const session = `/session/${sessionId}`;
  console.log(capabilities.browserVersion);
  const wanted = Object.entries(PICTURES).filter(([name]) => only.length === 0 || only.includes(name));
  for (const [name, picture] of wanted) await take(session, name, picture, url ?? `http://127.0.0.1:${PREVIEW_PORT}`);
  const log = await driver('POST', `${session}/se/log`, { type: 'browser' });
  log.filter(entry => entry.level === 'SEVERE').forEach(entry => console.error(entry.message));
  await driver('DELETE', session);
} finally {
  children.forEach(child => child.kill());
}
