import type { Batch, Event, Run, Series } from '../../proto/codec.js';

/** A made-up training run with the shape of a real one, the same at every call: for looking at the page. */
export interface SyntheticRun {
  readonly run: Run;
  /** Its start and all that it measures before `step`, with some failures. */
  opening(step: number): (Batch | Event)[];
  /** What steps `from` to `to`, the last not included, measure. */
  batch(from: number, to: number): Batch;
}

const LAYERS = ['conv2d_1', 'conv2d_2', 'dense_1', 'dense_2'];
const PROBES = ['topEigenvalue', 'curvatureTraces', 'featureRank', 'confidenceDeviation'];

type Signal = (step: number, noise: () => number) => number;

interface Source {
  readonly series: Series;
  readonly every: number;
  readonly value: Signal;
  readonly error?: Signal;
}

/** @param number tells its series from those of other runs */
export function syntheticRun(number: number, name: string, started: number): SyntheticRun {
  const id = `run-${number}`;
  const run: Run = { id, name, started, ended: 0 };
  const sources = sourcesOf(id, 1000 * number);
  const scatter: Series = series(1000 * number, id, 'confidence.scatter', '1');
  return {
    run,
    opening: (step) => [
      { ...EVENT, what: 'runStarted', run },
      { ...EMPTY, series: [...sources.map((source) => source.series), scatter] },
      columns(sources, 0, step),
      { ...EMPTY, points: [pointsAt(scatter.id, step - 1)] },
      failure(run, 'pgdlScore', 40, 'pgdlScore: needs outputs, and this loop gives none; use instrument(model)', false),
      failure(run, 'pgdlScore', 80, 'pgdlScore: needs outputs, and this loop gives none; use instrument(model)', true),
      failure(run, 'openTelemetry', 310, 'export to http://localhost:4318 refused: ECONNREFUSED', false),
    ],
    batch: (from, to) => {
      const due = Math.floor((to - 1) / 50) * 50;
      return { ...columns(sources, from, to), points: due >= from ? [pointsAt(scatter.id, due)] : [] };
    },
  };
}

export const ended = (run: Run): Event => ({
  ...EVENT,
  what: 'runEnded',
  run: { ...run, ended: run.started + 65_000 },
});

const EMPTY: Batch = { kind: 'batch', series: [], ids: [], steps: [], values: [], standardErrors: [], points: [] };

const EVENT = { kind: 'event', time: 0, source: '', step: 0, message: '', off: false } as const;

const failure = (run: Run, source: string, step: number, message: string, off: boolean): Event => ({
  ...EVENT,
  ...{ what: 'failure', run, source, step, message, off },
});

const series = (id: number, run: string, name: string, unit: string, attributes = {}): Series => ({
  ...{ id, run, name, unit, attributes },
});

function sourcesOf(run: string, base: number): Source[] {
  const sources: Source[] = [];
  const add = (name: string, unit: string, every: number, value: Signal, attributes = {}, error?: Signal) =>
    sources.push({
      series: series(base + sources.length + 1, run, name, unit, attributes),
      every,
      value,
      ...(error && { error }),
    });
  const decay = (step: number, scale: number) => Math.exp(-step / scale);
  const spike = (step: number) => (step % 700 === 600 ? 48 : 0);

  add('train.loss', 'nat', 1, (s, n) =>
    s === 812 ? Number.NaN : 0.09 + 2.2 * decay(s, 260) * (1 + 0.18 * n()) + 0.02 * n(),
  );
  add('gradient.norm', '1', 1, (s, n) => (0.12 + 1.9 * decay(s, 420)) * Math.exp(0.25 * n()) + spike(s) / 12);
  add('gradient.evaluations', '{evaluation}', 1, () => 2);
  add(
    'hessian.top_eigenvalue',
    '1',
    20,
    (s, n) => 6 + 24 * (1 - decay(s, 300)) * (1 + 0.06 * n()) - 12 * (1 - decay(s, 1500)) + spike(s),
    { engine: 'exact', mode: 'inference' },
  );
  add('sharpness.sam', 'nat', 20, (s, n) => 0.03 + 0.22 * decay(s, 500) * (1 + 0.1 * n()));
  add('sam.gap', 'nat', 1, (s, n) => 0.025 + 0.25 * decay(s, 500) * (1 + 0.2 * n()));
  add('sam.cosine', '1', 1, (s, n) => Math.min(1, 0.93 - 0.2 * (1 - decay(s, 900)) + 0.03 * n()));
  add('sam.rho', '1', 1, () => 0.05);
  const curvature = { engine: 'exact', mode: 'inference' };
  add(
    'hessian.trace',
    '1',
    50,
    (s, n) => 120 + 340 * decay(s, 600) + 6 * n(),
    curvature,
    (s) => 9 + 20 * decay(s, 600),
  );
  add(
    'gauss_newton.trace',
    '1',
    50,
    (s, n) => 140 + 200 * decay(s, 700) + 5 * n(),
    curvature,
    (s) => 8 + 14 * decay(s, 600),
  );
  add(
    'nme.trace',
    '1',
    50,
    (s, n) => -20 + 140 * decay(s, 450) + 4 * n(),
    curvature,
    (s) => 6 + 12 * decay(s, 600),
  );
  add(
    'nme.norm',
    '1',
    50,
    (s, n) => 9 + 38 * decay(s, 520) + n(),
    curvature,
    (s) => 1 + 2 * decay(s, 600),
  );
  LAYERS.forEach((layer, i) => {
    const width = [28, 52, 96, 41][i]!;
    add(
      'features.rank',
      '{dimension}',
      50,
      (s, n) => Math.round(width * (0.42 + 0.5 * decay(s, 500 + 300 * i)) + 0.5 * n()),
      { layer },
    );
    add(
      'features.effective_rank',
      '{dimension}',
      50,
      (s, n) => width * (0.2 + 0.42 * decay(s, 400 + 250 * i)) + 0.2 * n(),
      {
        layer,
      },
    );
  });
  add('confidence.slope', '1', 50, (s, n) => 0.4 + 0.85 * (1 - decay(s, 380)) + 0.015 * n());
  add('confidence.low_deviation', 'nat', 50, (s, n) => -1.8 * (1 - decay(s, 500)) + 0.05 * n());
  add('confidence.high_deviation', 'nat', 50, (s, n) => -2.6 * decay(s, 300) + 0.7 * (1 - decay(s, 900)) + 0.05 * n());
  add('confidence.agreement', '1', 50, (s, n) => Math.min(1, 0.1 + 0.87 * (1 - decay(s, 150)) + 0.004 * n()));
  add('confidence.total_variation', '1', 50, (s, n) => 0.08 + 0.7 * decay(s, 200) + 0.004 * n());
  add('overhead.share', '1', 1, (s, n) => 0.041 + 0.09 * decay(s, 40) + 0.0006 * n());
  add('step.duration', 'ms', 1, (s, n) => 21 + 1.6 * Math.abs(n()) + (s % 50 === 0 ? 34 : 0));
  PROBES.forEach((probe, i) =>
    add('probe.cost', 'ms', 50, (_, n) => [31, 58, 9, 4.2][i]! * (1 + 0.08 * n()), { probe }),
  );
  add('augmentation.strength', '1', 10, (s) => 0.3 * Math.min(1, s / 1500));
  return sources;
}

function columns(sources: readonly Source[], from: number, to: number): Batch {
  const [ids, steps, values, standardErrors] = [[], [], [], []] as number[][];
  for (const { series, every, value, error } of sources) {
    for (let step = Math.ceil(from / every) * every; step < to; step += every) {
      const noise = gaussian(series.id * 1_000_003 + step);
      ids!.push(series.id);
      steps!.push(step);
      values!.push(value(step, noise));
      standardErrors!.push(error ? error(step, noise) : Number.NaN);
    }
  }
  return { ...EMPTY, ids: ids!, steps: steps!, values: values!, standardErrors: standardErrors! };
}

function pointsAt(id: number, step: number): Batch['points'][number] {
  const noise = gaussian(7);
  const slope = 0.4 + 0.85 * (1 - Math.exp(-step / 380));
  const x = Array.from({ length: 500 }, () => 3.4 + 2.6 * noise());
  return { series: id, step, x, y: x.map((v) => slope * v - 1.1 + 0.9 * noise()) };
}

/** Standard normal numbers from a seed (mulberry32 and Box–Muller). */
function gaussian(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
