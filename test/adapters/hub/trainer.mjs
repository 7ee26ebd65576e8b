import { dashboard } from '../../../dist/adapters/hub/dashboard.js';

/**
 * A program that trains and never closes its sink: `fork(trainer.mjs, [WAY, STEPS])`. Tells its parent the address, waits for
 * a word, writes so many steps without yielding, and ends in the way it is told.
 */
const [way, steps] = process.argv.slice(2);
const run = { id: 'a', name: 'a run', started: Date.now() };
const stalled = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)';
const options = way === 'stalled' ? { workerUrl: new URL(`data:text/javascript,${stalled}`), flushWithin: 300 } : {};

const sink = dashboard({ port: 0, ...options });
sink.open(run, () => undefined);
process.once('message', () => {
  process.disconnect();
  for (let step = 0; step < Number(steps); step++) {
    sink.write([{ name: 'train.loss', unit: '1', step, value: step, attributes: {} }], run);
  }
  if (way === 'exit' || way === 'stalled') process.exit(7);
  if (way === 'throw') throw new Error('the program fails');
});
process.send(way === 'stalled' ? '' : await sink.url());
