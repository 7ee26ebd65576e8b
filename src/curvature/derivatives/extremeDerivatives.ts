import {
  cast,
  div,
  equal,
  type GradConfig,
  greater,
  greaterEqual,
  less,
  lessEqual,
  mul,
  reshape,
  sum,
  type Tensor,
  util,
} from '@tensorflow/tfjs-core';
import { derivative } from './derivative.js';
import { sumTo } from './sumTo.js';

/**
 * Largest and smallest elements. Where several are equal, tfjs 4.22 gives each of them the whole of dy; here they share
 * it, as in TensorFlow. And of two operands that are broadcast, it does not sum what flows back.
 */
export const extremeDerivatives: readonly GradConfig[] = [
  sharing('Max', ({ reductionIndices }) => reductionIndices),
  sharing('Min', ({ axis }) => axis),
  chosen('Maximum', greaterEqual, less),
  chosen('Minimum', lessEqual, greater),
];

interface ReductionSettings {
  readonly reductionIndices?: number | number[];
  readonly axis?: number | number[];
}

function sharing(kernelName: string, axisOf: (attrs: ReductionSettings) => number | number[] | undefined): GradConfig {
  return derivative(
    kernelName,
    ['x'],
    (dy, [x, y], attrs) => ({
      x: () => shared(dy, x!, y!, util.parseAxisParam(axisOf(attrs as ReductionSettings)!, x!.shape)),
    }),
    true,
  );
}

function shared(dy: Tensor, x: Tensor, y: Tensor, axes: readonly number[]): Tensor {
  const kept = x.shape.map((n, i) => (axes.includes(i) ? 1 : n));
  const extreme = cast(equal(x, reshape(y, kept)), 'float32');
  return mul(extreme, div(reshape(dy, kept), sum(extreme, [...axes], true)));
}

type Comparison = (a: Tensor, b: Tensor) => Tensor;

/** Of equals the first is chosen. */
function chosen(kernelName: string, first: Comparison, second: Comparison): GradConfig {
  return derivative(kernelName, ['a', 'b'], (dy, [a, b]) => ({
    a: () => sumTo(mul(dy, cast(first(a!, b!), 'float32')), a!.shape),
    b: () => sumTo(mul(dy, cast(second(a!, b!), 'float32')), b!.shape),
  }));
}
