import {
  grad,
  losses,
  matMul,
  mul,
  randomNormal,
  type Scalar,
  softmax,
  type Tensor,
  type Tensor2D,
  tanh,
  tensor1d,
  tidy,
  variable,
} from '@tensorflow/tfjs-core';
import { random } from '../../src/core/random.js';
import { type SelfCheck, selfCheck, type Verdict } from '../../src/curvature/checks/selfCheck.js';
import { curvatureOf } from '../../src/curvature/curvatureOf.js';
import { scoped } from '../../src/curvature/tape/scoped.js';
import { twiceDifferentiable } from '../../src/curvature/tape/twiceDifferentiable.js';

/** Whether second derivatives come out right here and now. */
export interface SecondOrder {
  readonly works: boolean;
  /** Of the second derivative of x tanh x, the largest difference from its closed form. */
  readonly error?: number;
  /** Of the curvature of a small network, against differences of its gradient. */
  readonly selfCheck?: Verdict;
  /** Why it does not work. */
  readonly problem?: string;
}

const TOLERANCE = 1e-5;

/** Tries them on the backend that runs: one derivative known in closed form, and one self-check. */
export function trySecondOrder(): SecondOrder {
  try {
    const error = errorOfSecondDerivative();
    const { curvature, gradient } = checkNetwork();
    const verdict = [curvature.verdict, gradient.verdict].find((found) => found !== 'agrees') ?? 'agrees';
    return { works: error <= TOLERANCE && verdict === 'agrees', error, selfCheck: verdict };
  } catch (error) {
    return { works: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** (x tanh x)″ = 2 s (1 − x tanh x), s = 1 − tanh² x; tfjs alone gets it wrong. */
function errorOfSecondDerivative(): number {
  const points = [-2, -0.7, 0, 0.3, 1.1];
  const found = tidy(() => {
    const slope = grad((x: Tensor) => mul(x, tanh(x)));
    return [...twiceDifferentiable(() => grad(slope)(tensor1d(points))).dataSync()];
  });
  const expected = points.map((x) => 2 * (1 - Math.tanh(x) ** 2) * (1 - x * Math.tanh(x)));
  return Math.max(...expected.map((e, i) => Math.abs(found[i]! - e)));
}

/** A classifier 4-6-3 with tanh, on eight random examples. */
function checkNetwork(): SelfCheck {
  return scoped(() => {
    const drawn = (shape: [number, number], seed: number): Tensor2D => randomNormal(shape, 0, 1, 'float32', seed);
    const [x, y] = [drawn([8, 4], 1), softmax(drawn([8, 3], 2))];
    const params = [variable(drawn([4, 6], 3)), variable(drawn([6, 3], 4))] as const;
    const loss = () => losses.softmaxCrossEntropy(y, matMul(tanh(matMul(x, params[0])), params[1])) as Scalar;
    const objective = { step: 0, params, loss };
    const curvature = curvatureOf(objective);
    try {
      return selfCheck(objective, curvature, random(1));
    } finally {
      curvature.dispose();
      for (const p of params) p.dispose();
    }
  });
}
