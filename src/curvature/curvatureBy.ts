import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Objective } from '../core/objective.js';
import type { Curvature, CurvatureParts, Engine } from './curvature.js';
import type { LinearComposition } from './linearize/linearizeComposition.js';
import type { LinearGradient } from './linearize/linearizeGradient.js';
import { quadraticForms } from './quadraticForms.js';
import { finite, operatorOn, type Space, tensorsOf } from './space.js';
import { dimensionOf, flatten } from './spectrum/weightSpace.js';
import type { Disposable } from './tape/recording.js';
import { scoped } from './tape/scoped.js';

/** How the linear maps of an objective are made. */
export interface Linearization {
  readonly engine: Engine;
  readonly gradient: (loss: () => Scalar, params: readonly Variable[]) => LinearGradient;
  readonly composition: (
    outputs: () => Tensor[],
    outputLoss: (outputs: readonly Tensor[]) => Scalar,
    params: readonly Variable[],
  ) => LinearComposition;
}

/**
 * The curvature of an objective as operators on flat vectors; `curvatureOf` says what it holds and costs.
 *
 * @throws Error if the loss is not finite, or the linear maps cannot be made.
 */
export function curvatureBy(linearization: Linearization, objective: Objective): Curvature {
  const { engine } = linearization;
  const { params } = objective;
  const { data, composition, penalty } = mapsOf(linearization, objective);
  let alive = true;
  const space: Space = { params, alive: () => alive };
  const dispose = (): void => {
    alive = false;
    data.dispose();
    penalty?.dispose();
  };
  try {
    const loss = data.loss.dataSync()[0]!;
    if (!Number.isFinite(loss)) throw new Error(`curvature: the loss is ${loss}, so it has no curvature`);
    return {
      engine,
      params,
      dimension: dimensionOf(params),
      loss,
      gradient: finite('gradient', flatten(data.grads)),
      branches: data.branches,
      hessian: operatorOn(space, 'hessian', 2, data.hvp),
      ...(composition && { parts: partsOf(composition, space, engine) }),
      ...(penalty && { penalty: operatorOn(space, 'penalty', 2, penalty.hvp) }),
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

interface Maps {
  readonly data: LinearGradient;
  readonly composition?: LinearComposition;
  readonly penalty?: LinearGradient;
}

function mapsOf(linearization: Linearization, { outputs, outputLoss, loss, penalty, params }: Objective): Maps {
  if (!outputs || !outputLoss) return { data: linearization.gradient(loss, params) };
  const composition = linearization.composition(outputs, outputLoss, params);
  if (!penalty) return { data: composition, composition };
  const ofPenalty = orElse(composition, () => linearization.gradient(penalty, params));
  return { data: composition, composition, penalty: ofPenalty };
}

/** Lets go of what is there already if `make` throws. */
function orElse<T>(held: Disposable, make: () => T): T {
  try {
    return make();
  } catch (error) {
    held.dispose();
    throw error;
  }
}

function partsOf(composition: LinearComposition, space: Space, engine: Engine): CurvatureParts {
  const { gaussNewton, nme, split } = composition;
  return {
    gaussNewton: operatorOn(space, 'gaussNewton', 4 / 3, gaussNewton),
    nme: operatorOn(space, 'nme', 2, nme),
    split: {
      cost: 8 / 3,
      apply: (v) =>
        scoped(() => {
          const products = split(tensorsOf('split', v, space));
          const read = (name: keyof typeof products): Float64Array => finite(name, flatten(products[name]));
          return { hessian: read('hessian'), gaussNewton: read('gaussNewton'), nme: read('nme') };
        }),
    },
    forms: quadraticForms(composition, space, engine),
  };
}
