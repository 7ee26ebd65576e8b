import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type HubServer, serve } from '../../../adapters/hub/server.js';
import type { Trainers } from '../../../adapters/hub/trainers.js';
import { viewers } from '../../../adapters/hub/viewers.js';
import { viewer } from './viewer.js';

const TOKEN = 'a token of some length';
const hello = Uint8Array.from([0x0a, 0x02, 0x08, 0x01]);
let pageDirectory: string;
let server: HubServer | undefined;
const audience = viewers({ snapshot: () => [hello] });

beforeAll(() => {
  pageDirectory = mkdtempSync(join(tmpdir(), 'sharpstream-page-'));
  writeFileSync(join(pageDirectory, 'index.html'), '<p>the page');
});
afterEach(() => server?.close());
afterAll(() => {
  audience.close();
  rmSync(pageDirectory, { recursive: true });
});

const nobody: Trainers = { join: () => ({ hear: () => undefined, leave: () => undefined }) };

async function served(options: { token?: string; pageDirectory?: string; trainers?: string[] } = {}): Promise<string> {
  const here = { host: '127.0.0.1', port: 0, alternatives: 0 };
  server = await serve({ ...here, token: undefined, trainers: [], pageDirectory, ...options }, audience, nobody);
  return server.url;
}

interface Reply {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** `fetch` lets nobody choose a Host. */
const get = (url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const asking = request(url, { headers, method, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    asking.on('error', reject);
    asking.end();
  });

test('the page and what is missing come under the same strict policy', async () => {
  const url = await served();
  const [found, missing, refused] = [await get(url), await get(`${url}nothing.js`), await get(url, {}, 'POST')];
  expect([found.status, missing.status, refused.status]).toEqual([200, 404, 405]);
  expect(found.body).toBe('<p>the page');
  for (const { headers } of [found, missing, refused]) {
    expect(headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
});

test('nothing outside the folder of the page is served', async () => {
  const url = await served();
  expect((await get(`${url}..%2f..%2fetc%2fpasswd`)).status).toBe(404);
});

test('a page that has not been built is named, and the stream goes on', async () => {
  const url = await served({ pageDirectory: join(pageDirectory, 'none') });
  const { status, body } = await get(url);
  expect(status).toBe(404);
  expect(body).toContain('npm run build:page');
  const seen = await viewer(url);
  await seen.until(() => seen.frames.length === 1);
  await seen.close();
});

test.each(['evil.example', 'evil.example:6070', 'localhost.evil.example'])(
  'without a token the Host %o is refused, to pages and viewers',
  async (host) => {
    const url = await served();
    expect((await get(url, { host })).status).toBe(403);
    await expect(viewer(url, { headers: { host } })).rejects.toThrow('403');
  },
);

test.each(['http://evil.example', 'http://127.0.0.1:1', 'null'])('the Origin %s is refused', async (origin) => {
  const url = await served();
  await expect(viewer(url, { headers: { origin } })).rejects.toThrow('403');
});

test('the Origin of its own page is let in', async () => {
  const url = await served();
  const seen = await viewer(url, { headers: { origin: new URL(url).origin } });
  await seen.until(() => seen.frames.length === 1);
  await seen.close();
});

test('with a token nobody is let in without it', async () => {
  const url = await served({ token: TOKEN });
  const { origin } = new URL(url);
  expect((await get(origin)).status).toBe(401);
  expect((await get(`${origin}/?token=another`)).status).toBe(401);
  expect((await get(origin, { authorization: 'Bearer another' })).status).toBe(401);
  await expect(viewer(origin)).rejects.toThrow('401');
});

test('the address with its token opens the page, whose own requests then carry a cookie', async () => {
  const url = await served({ token: TOKEN });
  const { origin } = new URL(url);
  const opened = await get(url);
  expect(opened.status).toBe(200);
  const [cookie] = opened.headers['set-cookie'] as string[];
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict$/);
  const headers = { cookie: `other=1; ${cookie!.split(';')[0]}` };
  expect((await get(origin, headers)).status).toBe(200);
  const seen = await viewer(origin, { headers: { ...headers, origin } });
  await seen.until(() => seen.frames.length === 1);
  await seen.close();
  expect((await get(origin, { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
});

const STRANGER = 'http://localhost:5173';

/** Opens the path of trainers as a page of that origin, and tells whether it was let in. */
async function asTrainer(page: string, headers: Record<string, string>): Promise<string> {
  const { host, search } = new URL(page);
  const socket = new WebSocket(`ws://${host}/trainer${search}`, { headers });
  const outcome = await new Promise<string>((resolve) => {
    socket.once('open', () => resolve('let in'));
    socket.once('error', ({ message }) => resolve(message));
  });
  socket.terminate();
  return outcome;
}

test('a page of another origin streams in if it is named, or if its address has the token', async () => {
  const unnamed = await served();
  expect(await asTrainer(unnamed, {})).toBe('let in');
  expect(await asTrainer(unnamed, { origin: new URL(unnamed).origin })).toBe('let in');
  expect(await asTrainer(unnamed, { origin: STRANGER })).toMatch('403');
  server!.close();
  const named = await served({ trainers: [STRANGER] });
  expect(await asTrainer(named, { origin: STRANGER })).toBe('let in');
  expect(await asTrainer(named, { origin: 'http://localhost:5174' })).toMatch('403');
  expect(await asTrainer(named, { origin: STRANGER, host: 'evil.example' })).toMatch('403');
  server!.close();
  const guarded = await served({ token: TOKEN, trainers: [STRANGER] });
  const { origin } = new URL(guarded);
  expect(await asTrainer(guarded, { origin: 'http://localhost:5174' })).toBe('let in');
  expect(await asTrainer(origin, { origin: STRANGER })).toMatch('401');
  const wrong = `${origin}/?token=another`;
  expect(await asTrainer(wrong, { origin: 'http://localhost:5174' })).toMatch('403');
});

test('a page that may stream in may not look', async () => {
  const url = await served({ trainers: [STRANGER] });
  await expect(viewer(url, { headers: { origin: STRANGER } })).rejects.toThrow('403');
});

test('a cookie, which comes by itself, lets no page of another origin stream in', async () => {
  const url = await served({ token: TOKEN });
  const [cookie] = (await get(url)).headers['set-cookie'] as string[];
  const headers = { cookie: cookie!.split(';')[0]!, origin: STRANGER };
  expect(await asTrainer(new URL(url).origin, headers)).toMatch('403');
});
