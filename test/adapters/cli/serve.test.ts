import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { decodeFrame, encodeFrame } from '../../../proto/codec.js';
import { viewer } from '../hub/viewer.js';

const main = join(import.meta.dirname, '../../../dist/adapters/cli/main.js');
const ORIGIN = 'http://localhost:5173';
const RUN = { id: 'a', name: 'a run', started: 1, ended: 0 };

let command: ChildProcess | undefined;
afterEach(() => void command?.kill('SIGKILL'));

/** Starts the command: what it says first, and how it ends. */
async function serve(...args: string[]): Promise<{ said: string; code: Promise<number | null> }> {
  command = spawn(process.execPath, [main, 'serve', ...args]);
  const code = once(command, 'exit').then(([status]) => status);
  const [said] = await Promise.race([once(command.stdout!, 'data'), once(command.stderr!, 'data')]);
  return { said: String(said), code };
}

test.each([
  ['in one list', ['--trainers', `${ORIGIN}, http://localhost:8080`]],
  ['one by one', ['--trainers', 'http://localhost:8080', '--trainers', ORIGIN]],
])('it serves what a page streams in, origins given %s, and ends when it is told', async (_, options) => {
  const { said, code } = await serve('--port', '0', ...options, '--json');
  const { url } = JSON.parse(said);
  const seen = await viewer(url);
  const socket = new WebSocket(`ws://${new URL(url).host}/trainer`, { headers: { origin: ORIGIN } });
  await once(socket, 'open');
  socket.send(encodeFrame({ kind: 'hello', version: 1, runs: [RUN] }));
  const [answer] = await once(socket, 'message');
  expect(decodeFrame(answer)).toMatchObject({ kind: 'hello' });
  await seen.until(() => seen.frames.some((f) => f.kind === 'event' && f.what === 'runStarted' && f.run.id === 'a'));
  command!.kill('SIGINT');
  expect(await code).toBe(0);
  await seen.close();
});

test.each([
  [
    ['--trainers', 'localhost:5173'],
    "dashboard: trainers must be origins such as 'http://localhost:5173', got 'localhost:5173'",
  ],
  [['--token', '12345678901234567890'], '--token must be text, got what reads as a number; give it a letter'],
  [['--token', '0123abc'], 'dashboard: token must be text of at least 16 characters, got 7'],
])('what cannot be served is said in one line: %o', async (options, sentence) => {
  const { said, code } = await serve(...options);
  expect(said).toBe(`sharpstream: ${sentence}\n`);
  expect(await code).toBe(1);
});
