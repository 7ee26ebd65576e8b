import {
  add,
  cast,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  mul,
  type NamedTensorMap,
  step,
  type Tensor,
  where,
} from '@tensorflow/tfjs-core';

/** A kernel made of smooth ones and of a decision. */
export type Piecewise = (inputs: NamedTensorMap, attrs: object) => Tensor;

/**
 * Kernels that decide within themselves, out of sight, taken apart: the decision becomes a kernel of its own. Value and
 * gradient are those of tfjs 4.22, on the kink as well. What is missing here (max pooling) decides in its gradient.
 */
const apart: Readonly<Record<string, Piecewise>> = {
  Relu: ({ x }) => mul(x!, step(x!)),
  Relu6: ({ x }) => add(mul(x!, mul(step(x!), number(lessEqual(x!, 6)))), mul(6, number(greater(x!, 6)))),
  LeakyRelu: ({ x }, attrs) => mul(x!, step(x!, (attrs as { alpha: number }).alpha)),
  Prelu: ({ x, alpha }) => where(greater(x!, 0), x!, mul(alpha!, x!)),
  ClipByValue: ({ x }, attrs) => clipped(x!, attrs as ClipSettings),
  Abs: ({ x }) => mul(x!, step(x!, -1)),
  Maximum: ({ a, b }) => where(greaterEqual(a!, b!), a!, b!),
  Minimum: ({ a, b }) => where(lessEqual(a!, b!), a!, b!),
};

interface ClipSettings {
  readonly clipValueMin: number;
  readonly clipValueMax: number;
}

function clipped(x: Tensor, { clipValueMin: low, clipValueMax: high }: ClipSettings): Tensor {
  const within = logicalAnd(greaterEqual(x, low), lessEqual(x, high));
  return where(within, x, where(less(x, low), low, high));
}

const number = (truth: Tensor): Tensor => cast(truth, 'float32');

/** The kernel taken apart, if it is one of those and has a derivative: integers have none. */
export function piecewise(kernelName: string, inputs: NamedTensorMap): Piecewise | undefined {
  const kernel = apart[kernelName];
  return kernel && Object.values(inputs).every(({ dtype }) => dtype === 'float32') ? kernel : undefined;
}
