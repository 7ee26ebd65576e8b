import { dispose, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { every } from '../../src/core/every.js';
import type { Batch } from '../../src/core/objective.js';
import type { Measurement, Sink } from '../../src/core/watching.js';
import { distillation } from '../../src/interventions/distillation.js';
import { sam } from '../../src/interventions/sam.js';
import { confidence } from '../../src/metrics/confidence.js';
import { featureRank } from '../../src/metrics/featureRank.js';
import { gaussNewtonTrace } from '../../src/metrics/gaussNewtonTrace.js';
import { gradientNorm } from '../../src/metrics/gradientNorm.js';
import { hessianTrace } from '../../src/metrics/hessianTrace.js';
import { nmeNorm } from '../../src/metrics/nmeNorm.js';
import { nmeTrace } from '../../src/metrics/nmeTrace.js';
import { samSharpness } from '../../src/metrics/samSharpness.js';
import { topEigenvalue } from '../../src/metrics/topEigenvalue.js';
import { chooseBackend } from '../backends/chooseBackend.js';
import { repairWasm } from '../backends/repairWasm.js';
import { type DashboardSink, dashboard } from '../hub/dashboard.js';
import { instrument } from '../tfjs/instrument.js';
import { logits } from '../tfjs/logits.js';
import { studentNetwork, teacherNetwork } from './demoNetworks.js';
import { type DigitTensors, digitTensors } from './digitTensors.js';
import { keyPressed } from './keyPressed.js';
import { lastValues, measurementTable } from './measurementTable.js';
import { otlp } from './otlp.js';
import { progress } from './progress.js';
import { wholeNumber } from './wholeNumber.js';

export interface DemoOptions {
  readonly steps: number | string;
  readonly backend?: string;
  readonly port?: number | string;
  readonly dashboard: boolean;
  readonly otlp?: string;
  readonly json?: boolean;
}

/** What the demo prints with `--json`. */
export interface DemoResult {
  readonly backend: string;
  readonly steps: number;
  /** Median duration of a step, watching left out. */
  readonly stepMs: number;
  readonly overheadShare: number;
  readonly testAccuracy: number;
  readonly measurements: ReturnType<ReturnType<typeof lastValues>['list']>;
}

const BATCH = 64;
const RHO = 0.05;
const TEACHER_EPOCHS = 25;

/** Trains a teacher, then a student under SAM with the teacher's help, all four streams on; prints the last values. */
export async function demo(options: DemoOptions): Promise<void> {
  const steps = wholeNumber('--steps', options.steps, 1);
  const port = options.port === undefined ? undefined : wholeNumber('--port', options.port, 0);
  const say = options.json ? (): void => {} : console.log;

  const { name: backend, why } = await chooseBackend(options.backend);
  if (backend === 'wasm') repairWasm();
  say(`backend   ${backend} (${why})`);
  const page = options.dashboard ? dashboard(port === undefined ? { fallback: true } : { port }) : undefined;
  const release = page?.hold();
  if (page) say(`dashboard ${await page.url()}`);
  const collector = options.otlp === undefined ? undefined : await otlp(options.otlp);

  const digits = digitTensors();
  const teacher = await trainTeacher(digits);
  const result = await trainStudent(
    teacher,
    digits,
    steps,
    [page, collector].filter((sink) => sink !== undefined),
  );

  if (options.json) console.log(JSON.stringify({ backend, ...result }));
  else report({ backend, ...result });
  if (page && !options.json) await goOnServing(page);
  await release?.();
}

async function trainTeacher({ train }: DigitTensors): Promise<LayersModel> {
  const teacher = teacherNetwork();
  teacher.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
  const bar = progress('teacher', TEACHER_EPOCHS);
  await teacher.fit(train.x as Tensor, train.y as Tensor, {
    batchSize: BATCH,
    epochs: TEACHER_EPOCHS,
    verbose: 0,
    callbacks: { onEpochEnd: async (epoch, logs) => bar.at(epoch + 1, `loss ${logs?.loss?.toFixed(3)}`) },
  });
  bar.end();
  return teacher;
}

async function trainStudent(
  teacher: LayersModel,
  { train, test, probed }: DigitTensors,
  steps: number,
  sinks: readonly Sink[],
): Promise<Omit<DemoResult, 'backend'>> {
  const student = studentNetwork();
  student.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const run = instrument(student, {
    name: 'digits student',
    interventions: [sam({ rho: RHO }), distillation({ teacher: logits(teacher), temperature: 2, weight: 0.5 })],
    metrics: metricsOn(probed, teacher),
    sinks,
    seed: 1,
  });
  const last = lastValues();
  const durations: number[] = [];
  const bar = progress('student', steps);
  run.measurements.subscribe((measurement: Measurement) => {
    last.take(measurement);
    if (measurement.name === 'step.duration') durations.push(measurement.value as number);
  });
  run.steps.subscribe(({ index, applied }) => bar.at(index + 1, `loss ${applied.loss.dataSync()[0]!.toFixed(3)}`));
  let done = 0;
  await student.fit(train.x as Tensor, train.y as Tensor, {
    batchSize: BATCH,
    epochs: Math.ceil(steps / Math.ceil((train.x as Tensor).shape[0]! / BATCH)),
    verbose: 0,
    callbacks: {
      onBatchEnd: async () => {
        if (++done === steps) student.stopTraining = true;
      },
    },
  });
  bar.end();
  const scores = student.evaluate(test.x as Tensor, test.y as Tensor) as Tensor[];
  const testAccuracy = scores[1]!.dataSync()[0]!;
  dispose(scores);
  await run.stop();
  const measurements = last.list();
  const overheadShare = measurements.find(({ name }) => name === 'overhead.share')?.value ?? 0;
  return { steps, stepMs: median(durations), overheadShare, testAccuracy, measurements };
}

/** All four streams, on one fixed set, so that its values compare; how often, by what they cost. */
function metricsOn(on: Batch, teacher: LayersModel) {
  const traces = { on, samples: 8 };
  return [
    [gradientNorm(), every(5)],
    [confidence({ teacher: logits(teacher), on }), every(10)],
    [samSharpness({ rho: RHO, on }), every(25)],
    [topEigenvalue({ on }), every(25)],
    [featureRank({ on }), every(25)],
    [hessianTrace(traces), every(50)],
    [gaussNewtonTrace(traces), every(50)],
    [nmeTrace(traces), every(50)],
    [nmeNorm(traces), every(50)],
  ] as const;
}

function report({ steps, stepMs, overheadShare, testAccuracy, measurements }: DemoResult): void {
  console.log(`\n${measurementTable(measurements)}\n`);
  console.log(
    `${steps} steps, ${stepMs.toFixed(1)} ms each; ${percent(overheadShare)} of the time went into watching; ` +
      `${percent(testAccuracy)} of the test digits are read right.`,
  );
}

/** On a terminal the page stays until a key is pressed. */
async function goOnServing(page: DashboardSink): Promise<void> {
  if (!process.stdin.isTTY) return;
  console.log(`\nThe run stays at ${await page.url()} until you press a key.`);
  await keyPressed();
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
