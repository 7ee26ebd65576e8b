import { abs, grad, greater, less, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { checkNonNegative } from '../core/checkNumber.js';
import type { Elementwise, Objective } from '../core/objective.js';
import { required } from '../core/required.js';
import type { Probe, Quantity } from '../core/watching.js';
import { twiceDifferentiable } from '../curvature/tape/twiceDifferentiable.js';
import { checkLayers } from './hiddenLayers.js';
import { type ProbeConditions, probedObjective } from './probedObjective.js';
import { setProbe } from './setProbe.js';

/** What {@link secondDerivativeDensity} takes. */
export interface SecondDerivativeDensityOptions extends ProbeConditions {
  /** Names of layers. Default: every layer that applies an activation. */
  readonly layers?: readonly string[];
  /** What |φ″| must exceed to count. Default 1e-3. */
  readonly threshold?: number;
}

/**
 * How many units of a layer are where their activation φ bends, by layer:
 *
 *     activation.second_derivative_density [1], the share of all φ″(h) with |φ″(h)| > threshold
 *
 * h is what enters the activation, over all examples, units and, in recurrent layers, times. Units elsewhere add nothing to
 * the part of H − G that activations make: 0 for ReLU, near 1 for GELU, and ever less for β-GELU as β grows. φ″ is exact.
 * Softmax, a last sigmoid and PReLU are not looked at.
 *
 * Cost: a forward pass for all layers together, counted as a third of a gradient evaluation, and two derivatives of each
 * activation.
 *
 * @throws RangeError or TypeError if threshold is negative or not finite, layers is empty, or the conditions are not sound;
 *   when the run is made, if the loop does not offer activations, or none in a layer of that name; Error, when measuring, if
 *   an activation cannot be differentiated twice, naming the kernel.
 * @see Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809
 *
 * @example
 * instrument(model, { metrics: [[secondDerivativeDensity(), every(50)]] });
 */
export function secondDerivativeDensity(options: SecondDerivativeDensityOptions = {}): Probe {
  const { layers, threshold = 1e-3, ...conditions } = options;
  checkLayers(NAME, layers);
  checkNonNegative(`${NAME}: threshold`, threshold);
  return setProbe(NAME, [DENSITY], { activations: layers ?? true }, conditions, (step) => {
    const objective = probedObjective(step, NAME, conditions);
    step.ledger.evaluated(1 / 3);
    const counts = countsOf(objective, threshold);
    const { mode } = objective;
    return (layers ?? [...counts.keys()]).map((layer) => {
      const { beyond, all } = counts.get(layer) ?? missing(layer, [...counts.keys()]);
      return { name: DENSITY.name, value: beyond / all, attributes: { layer, threshold, ...(mode && { mode }) } };
    });
  });
}

const NAME = 'secondDerivativeDensity';
const DENSITY: Quantity = { name: 'activation.second_derivative_density', unit: '1' };

interface Counts {
  readonly beyond: number;
  readonly all: number;
}

/** By layer, from one forward pass. */
function countsOf(objective: Objective, threshold: number): ReadonlyMap<string, Counts> {
  const { withActivations, outputs, loss } = required(NAME, objective, 'withActivations');
  const counts = new Map<string, Counts>();
  const seen = (activation: Elementwise, layer: string, x: Tensor): void => {
    const { beyond, all } = counts.get(layer) ?? { beyond: 0, all: 0 };
    const here = countBeyond(layer, bendsOf(activation, x), threshold);
    counts.set(layer, { beyond: beyond + here, all: all + x.size });
  };
  const counting =
    (activation: Elementwise, layer: string): Elementwise =>
    (x) => {
      tidy(() => seen(activation, layer, x));
      return activation(x);
    };
  withActivations(counting, () => tidy(() => void (outputs ?? loss)()));
  return counts;
}

/** φ″ element by element: each is a function of its own element alone, so the gradient of their sum is its derivative. */
const bendsOf = (activation: Elementwise, x: Tensor): Tensor => twiceDifferentiable(() => grad(grad(activation))(x));

/** @throws RangeError if a value is not finite: it is neither beyond nor within. */
function countBeyond(layer: string, values: Tensor, threshold: number): number {
  const size = abs(values);
  const [beyond, finite] = [greater(size, threshold), less(size, Infinity)].map((is) => sum(is).dataSync()[0]!);
  if (finite === values.size) return beyond!;
  throw new RangeError(`${NAME}: second derivatives in layer '${layer}' are not finite`);
}

function missing(layer: string, there: readonly string[]): never {
  throw new RangeError(`${NAME}: layer '${layer}' applies no activation; there are ${there.join(', ') || 'none'}`);
}
