import { addN, type Scalar, type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { Objective } from '../core/objective.js';
import type { Curvature, CurvatureParts, Engine, QuadraticForms, Tangent } from './curvature.js';
import type { LinearComposition } from './linearize/linearizeComposition.js';
import type { LinearGradient } from './linearize/linearizeGradient.js';
import type { Operator } from './spectrum/operator.js';
import { dimensionOf, flatten, isFiniteVector, unflatten } from './spectrum/weightSpace.js';
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
      hessian: operator('hessian', 2, data.hvp, space),
      ...(composition && { parts: partsOf(composition, space, engine) }),
      ...(penalty && { penalty: operator('penalty', 2, penalty.hvp, space) }),
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

/** Where the vectors of an operator live, and how long the record does. */
interface Space {
  readonly params: readonly Variable[];
  readonly alive: () => boolean;
}

const operator = (
  name: string,
  cost: number,
  product: (v: readonly Tensor[]) => Tensor[],
  { params, alive }: Space,
): Operator => ({
  dimension: dimensionOf(params),
  cost,
  apply: (v) => scoped(() => finite(name, flatten(product(tensorsOf(name, v, { params, alive }))))),
  tensors: { params, apply: (v) => tidy(() => product(v)) },
});

function partsOf(composition: LinearComposition, space: Space, engine: Engine): CurvatureParts {
  const { gaussNewton, nme, split } = composition;
  return {
    gaussNewton: operator('gaussNewton', 4 / 3, gaussNewton, space),
    nme: operator('nme', 2, nme, space),
    split: {
      cost: 8 / 3,
      apply: (v) =>
        scoped(() => {
          const products = split(tensorsOf('split', v, space));
          const read = (name: keyof typeof products): Float64Array => finite(name, flatten(products[name]));
          return { hessian: read('hessian'), gaussNewton: read('gaussNewton'), nme: read('nme') };
        }),
    },
    forms: formsOf(composition, space, engine),
  };
}

function formsOf({ hvpAndJvp, outputHvp, nmeForm }: LinearComposition, space: Space, engine: Engine): QuadraticForms {
  const tangentOf = (jvp: readonly Tensor[]): Tangent => ({
    outputs: finite('jvp', flatten(jvp)),
    slopes: finite('outputHvp', flatten(outputHvp(jvp))),
  });
  return {
    // By differences, each section takes two gradients of all.
    cost: { hessian: 2, nme: engine === 'exact' ? 2 : 6 },
    hessian: (see) =>
      operator(
        'hessian',
        2,
        (v) => {
          const { hvp, jvp } = hvpAndJvp(v);
          see(tangentOf(jvp));
          return hvp;
        },
        space,
      ),
    nme: (v, starts) =>
      scoped(() => {
        const vs = tensorsOf('nme', v, space);
        const sections = starts.map((start, i) => nmeForm(vs.slice(start, starts[i + 1]), start));
        const nme = finite('nme', flatten([addN(sections.map((section) => section.nme))]))[0]!;
        // J is linear: what sections move adds up.
        const jvp = sections[0]!.jvp.map((_, k) => addN(sections.map((section) => section.jvp[k]!)));
        return { nme, tangent: tangentOf(jvp) };
      }),
  };
}

function tensorsOf(name: string, v: Float64Array, { params, alive }: Space): Tensor[] {
  if (!alive()) throw new Error(`${name}: this curvature is disposed of; take its products before dispose()`);
  if (v.length !== dimensionOf(params)) {
    throw new RangeError(`${name}: v must hold ${dimensionOf(params)} numbers, got ${v.length}`);
  }
  return unflatten(v, params);
}

function finite(name: string, v: Float64Array): Float64Array {
  if (isFiniteVector(v)) return v;
  const at = v.findIndex((x) => !Number.isFinite(x));
  throw new Error(`curvature: the ${name} is ${v[at]} at ${at}; weights or data are out of range`);
}
