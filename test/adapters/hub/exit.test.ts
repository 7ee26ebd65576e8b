import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { viewer } from './viewer.js';

const trainer = fileURLToPath(new URL('./trainer.mjs', import.meta.url));
const STEPS = 3000;
const all = Array.from({ length: STEPS }, (_, step) => step);

test.each([
  ['calls process.exit in the middle', 'exit', 7],
  ['throws', 'throw', 1],
  ['ends without closing its sink', 'return', 0],
])('all that was measured arrives when a program %s', async (_, way, code) => {
  const program = fork(trainer, [way, String(STEPS)], { silent: true });
  const ended = once(program, 'exit');
  const [url] = await once(program, 'message');
  const seen = await viewer(url);
  program.send('go');
  expect((await ended)[0]).toBe(code);
  await seen.until(() => seen.values('train.loss').length === STEPS);
  expect(seen.values('train.loss')).toEqual(all);
  await seen.close();
});

test('a hub that does not answer holds up the exit no longer than it may', async () => {
  const program = fork(trainer, ['stalled', '10'], { silent: true });
  const ended = once(program, 'exit');
  await once(program, 'message');
  const began = performance.now();
  program.send('go');
  expect((await ended)[0]).toBe(7);
  const took = performance.now() - began;
  expect(took).toBeGreaterThan(300);
  expect(took).toBeLessThan(2000);
});
