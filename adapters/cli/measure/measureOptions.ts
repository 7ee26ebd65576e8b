import type { Mode } from '../../../src/core/objective.js';
import { wholeNumber } from '../wholeNumber.js';

/** What the command line gives; every value as it was typed. */
export interface MeasureOptions {
  readonly model?: string;
  readonly data?: string;
  readonly loss?: string;
  readonly metrics?: string;
  readonly batchSize?: number | string;
  readonly examples?: number | string;
  readonly samples?: number | string;
  readonly exact?: boolean;
  readonly tolerance?: number | string;
  readonly maxProducts?: number | string;
  readonly rho?: number | string;
  readonly mode?: string;
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
  readonly batchSize: number | undefined;
  /** For ranks. */
  readonly examples: number;
  readonly samples: number | 'exact';
  readonly tolerance: number;
  readonly maxProducts: number;
  readonly rho: number;
  readonly mode: Mode;
  readonly seed: number;
  readonly imports: readonly string[];
}

/** @throws Error or RangeError that names the option, its value and what it must be. */
export function measureRequest(options: MeasureOptions): MeasureRequest {
  const { model, data, loss, metrics, batchSize, examples = 512, samples = 32, exact = false } = options;
  const {
    tolerance = 0.001,
    maxProducts = 100,
    rho = 0.05,
    mode = 'inference',
    seed = 0,
    import: imports = [],
  } = options;
  if (mode !== 'inference' && mode !== 'training') {
    throw new RangeError(`--mode must be inference or training, got ${mode}`);
  }
  return {
    model: path('--model', model, 'the model.json of a saved model'),
    data: path('--data', data, 'an .npz with the arrays x and y'),
    loss: loss === undefined ? undefined : String(loss),
    metrics: metrics === undefined ? undefined : String(metrics),
    batchSize: batchSize === undefined ? undefined : wholeNumber('--batch-size', batchSize, 1),
    examples: wholeNumber('--examples', examples, 2),
    samples: exact ? 'exact' : wholeNumber('--samples', samples, 2),
    tolerance: positive('--tolerance', tolerance),
    maxProducts: wholeNumber('--max-products', maxProducts, 1),
    rho: positive('--rho', rho),
    mode,
    seed: wholeNumber('--seed', seed, 0),
    imports: [imports].flat(),
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
