import type { Mode } from '../../../src/core/objective.js';
import type { Engine } from '../../../src/curvature/curvatureOf.js';
import type { BlocksBy } from '../../../src/metrics/stepTraces.js';
import { wholeNumber } from '../wholeNumber.js';

/** What the command line gives; every value as it was typed. */
export interface MeasureOptions {
  readonly model?: string;
  readonly data?: string;
  readonly loss?: string;
  readonly metrics?: string;
  readonly batchSize?: number | string;
  readonly examples?: number | string;
  readonly neighbours?: number | string;
  readonly samples?: number | string;
  readonly standardError?: number | string;
  readonly exact?: boolean;
  readonly blocks?: string;
  readonly tolerance?: number | string;
  readonly maxProducts?: number | string;
  readonly rho?: number | string;
  readonly mode?: string;
  readonly engine?: string;
  readonly seed?: number | string;
  readonly import?: string | readonly string[];
  readonly backend?: string;
  readonly json?: boolean;
}

/** What is to be measured, and how; checked. */
export interface MeasureRequest {
  readonly model: string;
  readonly data: string;
  readonly loss: string | undefined;
  readonly metrics: string | undefined;
  readonly batchSize: number;
  /** For ranks. */
  readonly examples: number;
  /** That vote on the class of an example, for `knn.error`. */
  readonly neighbours: number;
  /** For traces: so many at most, until their standard error is this small, relative to the largest. */
  readonly samples: number | 'exact';
  readonly standardError: number;
  /** Traces of these blocks, beside those of the whole. */
  readonly blocks: BlocksBy | undefined;
  readonly tolerance: number;
  readonly maxProducts: number;
  readonly rho: number;
  readonly mode: Mode;
  readonly engine: Engine;
  readonly seed: number;
  readonly imports: readonly string[];
}

/** @throws Error or RangeError that names the option, its value and what it must be. */
export function measureRequest(options: MeasureOptions): MeasureRequest {
  const { model, data, loss, metrics, batchSize, examples, neighbours, samples, exact, seed } = options;
  const { import: imports, standardError, blocks, tolerance, maxProducts, rho, mode, engine } = options;
  return {
    model: path('--model', model, 'the model.json of a saved model'),
    data: path('--data', data, 'an .npz with the arrays x and y'),
    loss: loss === undefined ? undefined : String(loss),
    metrics: metrics === undefined ? undefined : String(metrics),
    batchSize: wholeNumber('--batch-size', batchSize ?? 512, 1),
    examples: wholeNumber('--examples', examples ?? 512, 2),
    neighbours: wholeNumber('--neighbours', neighbours ?? 10, 1),
    samples: exact ? 'exact' : wholeNumber('--samples', samples ?? 100, 2),
    standardError: positive('--standard-error', standardError ?? 0.03),
    blocks: blocks === undefined ? undefined : oneOf<BlocksBy>('--blocks', blocks, ['layer', 'parameter']),
    tolerance: positive('--tolerance', tolerance ?? 0.001),
    maxProducts: wholeNumber('--max-products', maxProducts ?? 100, 1),
    rho: positive('--rho', rho ?? 0.05),
    mode: oneOf('--mode', mode ?? 'inference', ['inference', 'training']),
    engine: oneOf('--engine', engine ?? 'exact', ['exact', 'finite-difference']),
    seed: wholeNumber('--seed', seed ?? 0, 0),
    imports: [imports ?? []].flat(),
  };
}

function path(option: string, value: unknown, wanted: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`${option} is missing; give ${wanted}`);
}

function positive(option: string, value: number | string): number {
  const number = Number(value);
  if (number > 0 && number < Infinity) return number;
  throw new RangeError(`${option} must be a positive number, got ${value}`);
}

function oneOf<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === value);
  if (chosen) return chosen;
  throw new RangeError(`${option} must be ${choices.join(' or ')}, got ${value}`);
}
