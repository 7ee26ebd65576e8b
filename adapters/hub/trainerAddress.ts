/** Where on a hub trainers stream in; at any other path it is watched. */
export const TRAINER_PATH = '/trainer';

/**
 * The WebSocket of a hub for trainers, from the address of its page, token included.
 *
 * @throws TypeError if the address is none of http, https, ws or wss.
 */
export function trainerAddress(who: string, page: string | URL): URL {
  const address = URL.canParse(String(page)) ? new URL(page) : undefined;
  const protocol = address && PROTOCOLS[address.protocol];
  if (!protocol) {
    throw new TypeError(`${who}: url must be the address of a hub, such as http://127.0.0.1:6070/, got ${page}`);
  }
  return new URL(`${protocol}//${address.host}${TRAINER_PATH}${address.search}`);
}

const PROTOCOLS: Readonly<Record<string, string>> = { 'http:': 'ws:', 'https:': 'wss:', 'ws:': 'ws:', 'wss:': 'wss:' };
