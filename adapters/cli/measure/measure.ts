import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { slice, type Tensor } from '@tensorflow/tfjs-core';
import type { Batch } from '../../../src/core/objective.js';
import { rowsOf } from '../../../src/core/rowsOf.js';
import { chooseBackend } from '../../backends/chooseBackend.js';
import { repairWasm } from '../../backends/repairWasm.js';
import { measure as measureModel } from '../../tfjs/measure.js';
import { progress } from '../progress.js';
import { chooseProbes } from './chooseProbes.js';
import { dataSet } from './dataSet.js';
import { loadModel } from './loadModel.js';
import { chooseLosses } from './lossFunctions.js';
import { type Measured, withResiduals } from './measured.js';
import { type MeasureOptions, measureRequest } from './measureOptions.js';
import { measureReport } from './measureReport.js';
import { readNpz } from './readNpz.js';

/** What `measure` prints with `--json`. */
export interface MeasureResult {
  readonly backend: string;
  readonly model: string;
  readonly parameters: number;
  readonly data: string;
  readonly examples: number;
  readonly loss: string;
  readonly mode: string;
  readonly seed: number;
  readonly measurements: readonly Measured[];
  /** What could not be measured, and why. The command then ends with an error. */
  readonly failures: readonly { readonly probe: string; readonly message: string }[];
}

/**
 * Measures a saved model on a data set, and prints what it found.
 *
 * @throws Error for an option or a file that cannot be used, and where a measurement failed, after the others are printed.
 */
export async function measure(options: MeasureOptions): Promise<void> {
  const request = measureRequest(options);
  for (const file of request.imports) await importModule(file);
  const { name: backend } = await chooseBackend(options.backend);
  if (backend === 'wasm') repairWasm();

  const { model, loss: compiled } = await loadModel(request.model);
  const losses = chooseLosses(model, request.loss, compiled);
  const data = dataSet(request.data, readNpz(request.data), model, losses);
  // Only the loss matters; an optimizer has to be named.
  model.compile({ optimizer: 'sgd', loss: losses.map(({ loss }) => loss) as string[] });

  const { probes, names } = chooseProbes(request, firstOf(data, request.examples), losses);
  const bar = progress('measure', probes.length, { clear: true });
  const { batchSize, mode, seed } = request;
  const found = measureModel(model, {
    on: data,
    metrics: probes,
    batchSize,
    mode,
    seed,
    onProgress: ({ probe, index, passes }) => bar.at(index, passes > 0 ? `${probe}, pass ${passes}` : probe),
  });
  bar.end();
  const result: MeasureResult = {
    backend,
    model: request.model,
    parameters: model.countParams(),
    data: request.data,
    examples: rowsOf(data),
    loss: losses.map(({ name }) => name).join(','),
    mode,
    seed,
    measurements: withResiduals(found.measurements).filter(
      ({ name }) => names.has(name) || name.endsWith('.self_check'),
    ),
    failures: found.failures.map(({ source, error }) => ({ probe: source, message: error.message })),
  };
  console.log(options.json ? JSON.stringify(result) : measureReport(result, process.stdout.columns ?? 120));
  const [failed] = result.failures;
  if (failed)
    throw new Error(`${result.failures.length} of ${probes.length} probes failed; ${failed.probe}: ${failed.message}`);
}

async function importModule(file: string): Promise<void> {
  try {
    await import(pathToFileURL(resolve(file)).href);
  } catch (error) {
    throw new Error(`--import ${file} cannot be loaded: ${(error as Error).message}`, { cause: error });
  }
}

/** Ranks are of so many examples at most: what they cost grows with the cube. */
function firstOf(data: Batch, count: number): Batch {
  const size = Math.min(count, rowsOf(data));
  const cut = (tensors: Batch['x']): Tensor[] => ([tensors].flat() as Tensor[]).map((t) => slice(t, 0, size));
  return { x: cut(data.x), y: cut(data.y) };
}
