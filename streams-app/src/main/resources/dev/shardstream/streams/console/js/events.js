// Server-sent events by fetch, because EventSource cannot send a token.

import { authorization, renewToken } from './api.js';

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

/** Takes text in pieces and gives whole events. Pure. */
export class EventParser {
  #rest = '';

  /** The events that are complete with this piece: {id, type, data}. */
  push(piece) {
    const blocks = (this.#rest + piece).split('\n\n');
    this.#rest = blocks.pop();
    return blocks.map(parse).filter(event => event.data !== null);
  }
}

function parse(block) {
  const event = { id: null, type: 'message', data: null };
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, '').replace(/\r$/, '');
    const field = line.slice(0, colon);
    if (field === 'event') event.type = value;
    else if (field === 'id') event.id = value;
    else if (field === 'data') event.data = event.data === null ? value : `${event.data}\n${value}`;
  }
  return event;
}

/**
 * Follows the events for ever, and goes on where it was after a break.
 *
 * @param onEvent is given type and parsed data
 * @param onLink is given "live" or "waiting"
 */
export async function follow(onEvent, onLink) {
  let lastId = null;
  let pause = FIRST_PAUSE;
  for (;;) {
    try {
      const headers = { Accept: 'text/event-stream', ...authorization() };
      if (lastId !== null) headers['Last-Event-ID'] = lastId;
      const response = await fetch('/v1/events', { headers });
      if (response.status === 401) {
        await renewToken(headers);
        continue;
      }
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const parser = new EventParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      onLink('live');
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        pause = FIRST_PAUSE;
        for (const event of parser.push(part.value)) {
          lastId = event.id ?? lastId;
          onEvent(event.type, JSON.parse(event.data));
        }
      }
    } catch (failure) {
      console.info('events: ' + failure.message);
    }
    onLink('waiting');
    await new Promise(resolve => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}
