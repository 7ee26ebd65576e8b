import { queueScheduler, Subject, VirtualTimeScheduler } from 'rxjs';
import { expect, test } from 'vitest';
import type { Signal } from '../../dashboard/connect.js';
import { type View, view } from '../../dashboard/view.js';
import type { Frame, Run } from '../../proto/codec.js';

const run = (id: string, started: number): Run => ({ id, name: id, started, ended: 0 });
const frame = (frame: Frame): Signal => ({ kind: 'frame', frame });
const hello = (...runs: Run[]): Signal => frame({ kind: 'hello', version: 1, runs });
const values = (id: number, runId: string, steps: number[], introduced = true): Signal => {
  const series = introduced ? [{ id, run: runId, name: 'train.loss', unit: 'nat', attributes: {} }] : [];
  const columns = { ids: steps.map(() => id), steps, values: steps, standardErrors: [], points: [] };
  return frame({ kind: 'batch', series, ...columns });
};

function watched(frameScheduler: VirtualTimeScheduler | typeof queueScheduler = queueScheduler) {
  const signals = new Subject<Signal>();
  const chosen = new Subject<string>();
  const views: View[] = [];
  view(signals, chosen, { frame: frameScheduler, clock: () => 77 }).subscribe((v) => views.push(v));
  return { signals, chosen, views, newest: () => views.at(-1)! };
}

test('however many frames arrive before the next animation frame, there is one view, and it holds them all', () => {
  const frames = new VirtualTimeScheduler();
  const { signals, views, newest } = watched(frames);
  signals.next(hello(run('a', 1)));
  for (let step = 0; step < 500; step++) signals.next(values(1, 'a', [step], step === 0));
  expect(views).toHaveLength(1);
  frames.flush();
  expect(views).toHaveLength(2);
  expect(newest().run!.newestStep).toBe(499);
  expect(newest().run!.streams[0]!.column.length).toBe(500);
});

test('the connection is live from the first frame, and lost with all that had arrived still there', () => {
  const { signals, views, newest } = watched();
  expect(views[0]!.link).toEqual({ state: 'connecting' });
  signals.next(hello(run('a', 1)));
  expect(newest()).toMatchObject({ link: { state: 'live' }, heard: 77 });
  signals.next({ kind: 'lost', attempt: 2, retryAt: 1234 });
  expect(newest().link).toEqual({ state: 'lost', attempt: 2, retryAt: 1234 });
  expect(newest().run!.id).toBe('a');
});

test('the run that began last is shown, until another is chosen', () => {
  const { signals, chosen, newest } = watched();
  signals.next(hello(run('old', 1), run('new', 2)));
  expect(newest().run!.id).toBe('new');
  chosen.next('old');
  expect(newest().run!.id).toBe('old');
});

test('charts are arranged anew when a stream is added, and only then', () => {
  const { signals, newest } = watched();
  signals.next(hello(run('a', 1)));
  signals.next(values(1, 'a', [0]));
  const first = newest().panel;
  expect(first.overview).toHaveLength(1);
  signals.next(values(1, 'a', [1], false));
  expect(newest().panel).toBe(first);
  signals.next(values(2, 'a', [1]));
  expect(newest().panel.overview[0]!.lines).toHaveLength(2);
});
