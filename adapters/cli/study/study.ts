import { chooseBackend } from '../../backends/chooseBackend.js';
import { repairWasm } from '../../backends/repairWasm.js';
import { type DashboardSink, dashboard } from '../../hub/dashboard.js';
import { keyPressed } from '../keyPressed.js';
import { progress } from '../progress.js';
import { conduct, type Outcome } from './conduct.js';
import type { Study } from './experiment.js';
import { type StudyOptions, type StudyRequest, studyRequest } from './studyOptions.js';
import { studyReport } from './studyReport.js';

/** What `study` prints with `--json`; for `all`, `{ study: 'all', backend, studies, passed }` of these. */
export interface StudyResult extends Outcome {
  readonly study: string;
  readonly backend: string;
  readonly quick: boolean;
  readonly seeds: readonly number[];
}

/**
 * Tries what a paper has found, live on the dashboard, and prints what came out beside what had to. Exits with 1 where a
 * criterion is not met.
 *
 * @throws RangeError or Error for an option that cannot be used.
 */
export async function study(name: string, options: StudyOptions): Promise<void> {
  const request = studyRequest(name, options);
  const { json = false } = options;
  const say = json ? (): void => {} : console.log;
  const { name: backend, why } = await chooseBackend(options.backend);
  // Registers the gradients of kernels.
  await import('@tensorflow/tfjs-layers');
  if (backend === 'wasm') repairWasm();
  say(`backend   ${backend} (${why})`);
  const page = options.dashboard === false ? undefined : pageAt(request.port);
  const release = page?.hold();
  if (page) say(`dashboard ${await page.url()}`);

  const results: StudyResult[] = [];
  for (const one of request.studies) {
    const result = await carryOut(one, request, backend, page);
    results.push(result);
    say(`\n${studyReport(one, result)}`);
  }
  const passed = results.every((result) => result.passed);
  if (json)
    console.log(JSON.stringify(name === 'all' ? { study: name, backend, studies: results, passed } : results[0]));
  if (!passed) process.exitCode = 1;
  if (page && !json) await goOnServing(page);
  await release?.();
}

const pageAt = (port: number | undefined): DashboardSink =>
  dashboard(port === undefined ? { fallback: true } : { port });

async function carryOut(
  study: Study,
  { quick, seedsOf }: StudyRequest,
  backend: string,
  page: DashboardSink | undefined,
): Promise<StudyResult> {
  const seeds = seedsOf(study);
  let bar: ReturnType<typeof progress> | undefined;
  const outcome = await conduct(study, {
    seeds,
    quick,
    sinks: page ? [page] : [],
    onProgress: (done, total, what) => {
      bar ??= progress(study.name, total, { clear: true });
      bar.at(done, what);
    },
  });
  bar?.end();
  return { study: study.name, backend, quick, seeds, ...outcome };
}

/** On a terminal the page stays until a key is pressed. */
async function goOnServing(page: DashboardSink): Promise<void> {
  if (!process.stdin.isTTY) return;
  console.log(`\nThe study stays at ${await page.url()} until you press a key.`);
  await keyPressed();
}
