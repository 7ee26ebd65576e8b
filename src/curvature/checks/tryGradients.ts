import {
  add,
  engine,
  type GradConfig,
  getGradient,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
  tensor,
  util,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { random } from '../../core/random.js';
import { dot } from '../../linalg/dot.js';
import { rademacher } from '../spectrum/rademacher.js';
import { flatten, norm } from '../spectrum/weightSpace.js';
import { layGradients } from '../tape/layGradients.js';
import { scoped } from '../tape/scoped.js';
import { wrongKernels } from './wrongKernels.js';

/** Of the error. */
const TOLERANCE = 1e-3;
/** What float32 may lose in a sum, relative to its terms. */
const ROUNDING = 2 ** -20;
/** Less than this flows back where contributions cancel, as into the max of a log-sum-exp: there is no gradient to be wrong. */
const NOTHING = 1e-6;

/** What a computation of gradients has come to, and how wrong those of its kernels were. */
export interface Trial<T> {
  readonly result: T;
  /** The error of the worst gradient that was used, by kernel: only of those that were wrong. */
  readonly wrong: ReadonlyMap<string, number>;
}

/**
 * Runs a computation of gradients, and tries each that tfjs is known to have wrong at times, on the very numbers it was used
 * on. The result is that of tfjs, bit for bit.
 *
 * All of these kernels are linear, y = K x; max and min are so along what is alike within each of their sets. The gradient
 * d = Kᵀ dy is right only if ⟨d, v⟩ = ⟨dy, K v⟩ for random v. The error is the difference of both over ‖d‖, or
 * over ⟨dy, K v⟩ where that is larger; rounding left out.
 *
 * - Cost: the kernels that are tried, once more; where there are none, microseconds.
 */
export function tryGradients<T>(f: () => T): Trial<T> {
  const wrong = new Map<string, number>();
  const tell = (kernelName: string, error: number): void => {
    if (error > TOLERANCE) wrong.set(kernelName, Math.max(error, wrong.get(kernelName) ?? 0));
  };
  const stock = wrongKernels.flatMap((kernelName) => (getGradient(kernelName) as GradConfig | undefined) ?? []);
  const takeOff = layGradients(stock.map((config) => trial(config, tell)));
  try {
    return { result: f(), wrong };
  } finally {
    takeOff();
  }
}

/** The same gradient, tried when it is asked for. */
function trial(config: GradConfig, tell: (kernelName: string, error: number) => void): GradConfig {
  const { kernelName, inputsToSave = [], gradFunc } = config;
  return {
    ...config,
    gradFunc: (dy, saved, attrs) => {
      const inputs = Object.fromEntries(inputsToSave.map((name, i) => [name, saved[i]!]));
      const gradients = Object.entries(gradFunc(dy, saved, attrs));
      return Object.fromEntries(
        gradients.map(([name, make]) => [
          name,
          () => {
            const d = make();
            tell(kernelName, errorOf(d, { kernelName, inputs, name, dy: dy as Tensor, attrs }));
            return d;
          },
        ]),
      );
    },
  };
}

interface Call {
  readonly kernelName: string;
  readonly inputs: NamedTensorMap;
  /** Of the input that d is the gradient in. */
  readonly name: string;
  readonly dy: Tensor;
  readonly attrs: NamedAttrMap;
}

/** 0 where it cannot be told: what only watches must not end the training. */
function errorOf(d: Tensor, { kernelName, inputs, name, dy, attrs }: Call): number {
  const x = inputs[name];
  if (!x) return 0;
  try {
    return scoped(() => {
      const v = ['Max', 'Min'].includes(kernelName) ? signsBySet(x, attrs) : signs(x.shape);
      const kv = engine().runKernel(kernelName, { ...inputs, [name]: v }, attrs) as Tensor;
      const [back, above, along, through] = [d, dy, v, kv].map((t) => flatten([t])) as [Vector, Vector, Vector, Vector];
      if (norm(above) <= NOTHING * Math.sqrt(above.length)) return 0;
      const [found, wanted] = [dot(back, along), dot(above, through)];
      const rounded = ROUNDING * norm(above) * norm(through);
      return Math.max(0, Math.abs(found - wanted) - rounded) / Math.max(norm(back), Math.abs(wanted));
    });
  } catch {
    return 0;
  }
}

type Vector = Float64Array;

const signs = (shape: number[]): Tensor =>
  tensor(Float32Array.from(rademacher(util.sizeFromShape(shape), random(0))), shape);

/** One sign for each set of elements of which one is the largest. */
function signsBySet(x: Tensor, attrs: NamedAttrMap): Tensor {
  const axes = util.parseAxisParam(attrs.reductionIndices as number[], x.shape);
  return add(zerosLike(x), signs(x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n))));
}
