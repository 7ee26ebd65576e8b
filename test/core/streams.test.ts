import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  asapScheduler,
  auditTime,
  combineLatestWith,
  filter,
  firstValueFrom,
  groupBy,
  map,
  mergeMap,
  Observable,
  observeOn,
  retry,
  Subject,
  scan,
  share,
  switchMap,
  take,
  takeUntil,
  throttleTime,
} from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { above } from '../../src/alerts/threshold.js';
import { every } from '../../src/core/every.js';
import { only } from '../../src/core/only.js';
import { probe } from '../../src/core/probe.js';
import type { RunCore, RunOptions, Streams } from '../../src/core/run.js';
import type { Failure, Sink } from '../../src/core/watching.js';
import { parseMarbles, playMarbles } from './playMarbles.js';
import { reading, testRun } from './streams.js';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** What a diagram of the page is a diagram of. */
interface Scene {
  readonly options?: RunOptions;
  readonly rows: Readonly<Record<string, (run: RunCore & Streams) => Observable<string>>>;
}

const steps = ({ steps }: Streams): Observable<string> => steps.pipe(map(({ index }) => `${index}`));
const failures = ({ failures }: Streams): Observable<string> => failures.pipe(map(({ off }) => (off ? 'o' : 'f')));
const values =
  (name: string) =>
  ({ measurements }: Streams): Observable<string> =>
    measurements.pipe(
      only(name),
      map(({ value }) => `${value}`),
    );

/** Shows what reaches a subscriber, which then does `then`; it takes no errors. */
const reaching = (stream: Observable<string>, then: (item: string) => void = () => {}): Observable<string> =>
  new Observable((seen) =>
    stream.subscribe({
      next(item) {
        seen.next(item);
        then(item);
      },
      complete: () => seen.complete(),
    }),
  );

const throwing = (item?: unknown): never => {
  throw new Error(`thrown at ${item}`);
};
const throwAt1 = map((item: string) => (item === '1' ? throwing(item) : item));

/** Ends when the sink is told, as one that writes to a slow disk. */
const finishing = new Subject<void>();
const slowSink: Sink = { name: 'slow', write: () => {}, end: () => firstValueFrom(finishing) };

const watching = (...values: (number | undefined)[]): RunOptions => ({
  metrics: [[reading('x', ...values), every(1)]],
});
const raised = ({ alerts }: Streams): Observable<string> => alerts.pipe(map(({ state }) => state[0]!));

/** In the order of the page. */
const scenes: readonly Scene[] = [
  { rows: { steps, 'subscribed late': steps, unsubscribed: steps, 'after the stop': steps } },
  {
    rows: {
      'measured, delayed': ({ steps }) =>
        steps.pipe(
          map(({ objective }) => `${objective.step}`),
          observeOn(asapScheduler),
        ),
      'delayed, measured': ({ steps }) =>
        steps.pipe(
          observeOn(asapScheduler),
          map(({ objective }) => `${objective.step}`),
        ),
    },
  },
  {
    rows: {
      'train.accuracy': ({ measurements }) =>
        measurements.pipe(
          only('train.accuracy'),
          map(({ step }) => `${step}`),
        ),
      epochs: ({ epochs }) => epochs.pipe(map(({ index }) => `${index}`)),
    },
  },
  { options: { sinks: [slowSink] }, rows: { steps, failures } },
  { rows: { 'stop at step 1': (run) => reaching(steps(run), (item) => item === '1' && void run.end()) } },
  { options: watching(0, undefined, 2, undefined, undefined, undefined, 6), rows: { x: values('x'), failures } },
  { rows: { throws: (run) => reaching(steps(run), throwing), another: steps, failures } },
  {
    rows: {
      'map throws at 1': (run) => steps(run).pipe(throwAt1),
      'without an error': (run) => reaching(steps(run).pipe(throwAt1)),
      failures,
      'with retry': (run) => steps(run).pipe(throwAt1, retry()),
    },
  },
  {
    options: { ...watching(5, 6, 4, 7, 3, 5, 6), alerts: [above('x', 5, { clear: 3 })] },
    rows: { x: values('x'), alerts: raised },
  },
  {
    options: { ...watching(6, 2, 6, 7, 4, 3, 2), alerts: [above('x', 5, { clear: 3, times: 2 })] },
    rows: { x: values('x'), alerts: raised },
  },
  {
    options: watching(0, 1, 2, 3, 4, 5),
    rows: {
      'throttleTime(3)': (run) => steps(run).pipe(throttleTime(3)),
      'auditTime(3)': (run) => values('x')(run).pipe(auditTime(3)),
    },
  },
];

const page = readFileSync(join(import.meta.dirname, '../../docs/streams.md'), 'utf8');
const diagrams = [...page.matchAll(/^```marbles\n([\s\S]*?)^```$/gm)].map(([, text]) => text!);

test('every diagram of the page is played', () => {
  expect(scenes).toHaveLength(diagrams.length);
});

test.each(diagrams.map((diagram, i) => [i + 1, diagram]))(
  'what happens is what diagram %i shows',
  async (i, diagram) => {
    const { options, rows } = scenes[i - 1]!;
    const { run, step } = testRun(options);
    let epoch = 0;
    const actions: Readonly<Record<string, () => void>> = {
      s: step,
      e: () => run.epoch({ index: epoch++, logs: { accuracy: 1 } }),
      x: () => void run.end(),
      f: () => finishing.next(),
    };
    const shown = parseMarbles(diagram);
    const seen = await playMarbles(
      shown,
      (action) => actions[action]!(),
      (name) => rows[name]!(run),
    );
    expect(seen).toEqual(
      shown.map(({ name, marbles }) => ({ name, marbles: marbles.replace(/-+$/, '') })).with(0, shown[0]!),
    );
  },
);

test('a step goes to steps, then its numbers to measurements, each with its alerts, then to the sinks', () => {
  const order: string[] = [];
  const sink: Sink = { name: 'sink', write: (batch) => void order.push(`sink ${batch.map(({ name }) => name)}`) };
  const { run, step } = testRun({ ...watching(6), alerts: [above('x', 5)], sinks: [sink], reports: every(10) });
  run.steps.subscribe(({ index }) => order.push(`step ${index}`));
  run.measurements.subscribe(({ name }) => order.push(name));
  run.alerts.subscribe(({ state }) => order.push(state));
  step();
  expect(order).toEqual([
    'x',
    'raised',
    'probe.cost',
    'step 0',
    'train.loss',
    'gradient.evaluations',
    'sink x,probe.cost,train.loss,gradient.evaluations',
  ]);
});

/** A run that collects its failures. */
function failing(options?: RunOptions) {
  const { run, step } = testRun(options);
  const failures: Failure[] = [];
  run.failures.subscribe((failure) => failures.push(failure));
  return { run, step, failures };
}

test('what RxJS would throw from a timer after a subscriber threw is not thrown', () => {
  const bare = new Subject<number>();
  bare.subscribe(() => throwing('bare'));
  bare.next(1);
  expect(() => vi.runAllTimers()).toThrow('thrown at bare');

  const { run, step, failures } = failing();
  const stop = new Subject();
  run.steps
    .pipe(
      filter(() => true),
      scan((n) => n + 1, 0),
      share(),
      switchMap((n) => [n]),
      takeUntil(stop),
    )
    .subscribe((n) => throwing(`${n}`));
  step();
  vi.runAllTimers();
  expect(failures.map(({ source, error }) => [source, error.message])).toEqual([['steps', 'thrown at 1']]);
});

test('a subscriber that throws now and then stays subscribed', () => {
  const { run, step, failures } = failing();
  const seen: number[] = [];
  run.steps.subscribe(({ index }) => {
    seen.push(index);
    if (index % 2 === 0) throwing();
  });
  for (let i = 0; i < 9; i++) step();
  expect(seen).toHaveLength(9);
  expect(failures).toHaveLength(5);
});

test('an async subscriber that rejects has thrown, three in a row end it', async () => {
  const { run, step, failures } = failing();
  let calls = 0;
  run.steps.subscribe(async ({ index }) => {
    calls++;
    throwing(`${index}`);
  });
  for (let i = 0; i < 5; i++) {
    step();
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(calls).toBe(3);
  expect(failures.map(({ error }) => error.message)).toEqual([
    'thrown at 0',
    'thrown at 1',
    'thrown at 2',
    'switched off after 3 failures in a row',
  ]);
});

test('what error and complete throw is a failure too', async () => {
  const { run, step, failures } = failing();
  run.steps.pipe(map(throwing)).subscribe({ error: () => throwing('error') });
  run.steps.subscribe({ complete: () => throwing('complete') });
  step();
  await run.end();
  vi.runAllTimers();
  expect(failures.map(({ error }) => error.message)).toEqual(['thrown at error', 'thrown at complete']);
});

test('a subscriber to failures that throws is ended, and does not ask for itself for ever', () => {
  const { run, step } = testRun(watching(undefined));
  let calls = 0;
  run.failures.subscribe(() => {
    calls++;
    throwing();
  });
  step();
  vi.runAllTimers();
  expect(calls).toBe(3);
});

test('the guard reaches through operators that join other streams', () => {
  const [a, b] = [failing(), failing()];
  a.run.steps.pipe(combineLatestWith(b.run.steps)).subscribe(() => throwing('both'));
  a.step();
  b.step();
  vi.runAllTimers();
  expect(a.failures.map(({ error }) => error.message)).toEqual(['thrown at both']);
  expect(b.failures).toEqual([]);
});

test('the guard reaches through operators of any make', () => {
  const { run, step, failures } = failing();
  /** Made without `lift`, and throws in the observer by which it takes part. */
  const own = (source: Observable<unknown>) =>
    new Observable<string>((subscriber) =>
      source.subscribe(() => {
        subscriber.next('own');
        throwing('the operator');
      }),
    );
  run.steps.pipe(own).subscribe(throwing);
  run.steps.pipe(probe(reading('x', 1), every(1)), only('x')).subscribe(() => throwing('a number'));
  step();
  vi.runAllTimers();
  expect(failures.map(({ error }) => error.message)).toEqual([
    'thrown at own',
    'thrown at the operator',
    'thrown at a number',
  ]);
});

test('streams within a stream are guarded once they are made one', () => {
  const { run, step, failures } = failing(watching(1));
  run.measurements
    .pipe(
      groupBy(({ name }) => name),
      mergeMap((group) => group),
      only('x'),
    )
    .subscribe(() => throwing('x'));
  step();
  vi.runAllTimers();
  expect(failures.map(({ error }) => error.message)).toEqual(['thrown at x']);
});

test('promises of a stream keep their errors', async () => {
  const { run, step, failures } = failing();
  const first = firstValueFrom(run.steps.pipe(map(throwing)));
  const each = run.steps.forEach(throwing);
  step();
  await expect(first).rejects.toThrow('thrown at');
  await expect(each).rejects.toThrow('thrown at');
  await run.end();
  await expect(firstValueFrom(run.steps)).rejects.toThrow('no elements');
  expect(failures).toEqual([]);
});

test('all three forms of subscribe work, and a Subject can be fed', () => {
  const { run, step } = testRun();
  const seen: string[] = [];
  const fed = new Subject<number>();
  fed.subscribe((index) => seen.push(`fed ${index}`));
  run.steps.pipe(map(({ index }) => index)).subscribe(fed);
  run.steps.subscribe(({ index }) => seen.push(`function ${index}`));
  run.steps.pipe(take(1)).subscribe({ complete: () => seen.push('observer') });
  run.steps.pipe(take(1)).subscribe(null, null, () => seen.push('three'));
  run.steps.subscribe();
  step();
  expect(seen).toEqual(['fed 0', 'function 0', 'observer', 'three']);
});

test('a step within a step is refused, and the outer one goes on', () => {
  const { run, step, failures } = failing();
  let seen = 0;
  run.steps.subscribe(() => {
    seen++;
    step();
  });
  step();
  step();
  expect(seen).toBe(2);
  expect(failures.map(({ error }) => error.message)).toEqual([
    'a step cannot begin within step 0: train after it, not in a subscriber',
    'a step cannot begin within step 1: train after it, not in a subscriber',
  ]);
});

test('subscribing to steps or measurements makes a run watch, to the others it does not', () => {
  const watches = (stream: keyof Streams): boolean => {
    const { run } = testRun();
    (run[stream] as Observable<unknown>).subscribe();
    return run.active();
  };
  const streams = ['steps', 'measurements', 'epochs', 'alerts', 'failures'] as const;
  expect(streams.map(watches)).toEqual([true, true, false, false, false]);
});

test('nobody but the run can put something into its streams', () => {
  expect(testRun().run.steps).not.toHaveProperty('next');
});

test('only keeps numbers of one name and of the attributes given', () => {
  const { run, step } = testRun({
    metrics: [
      [
        {
          name: 'probe',
          measures: [{ name: 'rank', unit: '1' }],
          measure: () => [
            { name: 'rank', value: 1, attributes: { layer: 'a', mode: 'inference' } },
            { name: 'rank', value: 2, attributes: { layer: 'b' } },
            { name: 'rank', value: { x: [1], y: [1] }, attributes: { layer: 'a' } },
          ],
        },
        every(1),
      ],
    ],
  });
  const [all, a]: [number[], number[]] = [[], []];
  run.measurements.pipe(only('rank')).subscribe(({ value }) => all.push(value));
  run.measurements.pipe(only('rank', { layer: 'a' })).subscribe(({ value }) => a.push(value));
  step();
  expect([all, a]).toEqual([[1, 2], [1]]);
});
