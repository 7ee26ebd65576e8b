import type { Variable } from '@tensorflow/tfjs-core';
import type { inRange } from './linearize/inRange.js';
import type { Operator } from './spectrum/operator.js';
import type { Disposable } from './tape/recording.js';

/** How products are made: by derivatives of the recorded gradient, or by differences of gradients at moved weights. */
export type Engine = 'exact' | 'finite-difference';

/** The curvature of an objective at the weights it had; vectors are flat, the parameters in order, row by row. */
export interface Curvature extends Disposable {
  readonly engine: Engine;
  readonly params: readonly Variable[];
  readonly dimension: number;
  /** Of the data; without the penalty, where the objective tells it apart. */
  readonly loss: number;
  /** ∇L of that loss. */
  readonly gradient: Float64Array;
  /** Whether the gradient takes decisions that depend on the parameters (ReLU, max): it may have kinks. */
  readonly branches: boolean;
  readonly hessian: Operator;
  /** The two parts of the Hessian, where the objective tells its outputs from its loss. */
  readonly parts?: CurvatureParts;
  /** The Hessian of the penalty, where the objective tells one apart. It stands beside `hessian`, not in it. */
  readonly penalty?: Operator;
}

/** The two parts of the Hessian, H = G + NME. */
export interface CurvatureParts {
  /** G = Jᵀ H_z J */
  readonly gaussNewton: Operator;
  /** NME = H − G */
  readonly nme: Operator;
  /** H v, G v and NME v of the same v, cheaper than one by one. */
  readonly split: Split;
  readonly forms: QuadraticForms;
}

/** Numbers vᵀA v, which take less than the products. Whatever walks through the record meets J v, and so gets vᵀG v for nothing. */
export interface QuadraticForms {
  /** In gradient evaluations; that of NME at most so, of three sections. */
  readonly cost: Readonly<Record<'hessian' | 'nme', number>>;
  /** The Hessian, which shows what G has made of each vector it is given. */
  hessian(see: (tangent: Tangent) => void): Operator;
  /**
   * Σ v_sᵀ NME_ss v_s over sections of the parameters, without what lies between them; each walks only through what its own
   * parameters reach.
   *
   * @param starts the places of the parameters with which sections begin, ascending, the first 0.
   */
  nme(v: Float64Array, starts: readonly number[]): { readonly nme: number; readonly tangent: Tangent };
  /**
   * The same in fewer coordinates, where H has a much smaller range than weight space, as `find` finds it.
   *
   * @internal
   */
  within?(find: typeof inRange): RangeForms | undefined;
}

/** Forms of coordinates z of a space that holds all that H, G and NME can give: v = P z, and PPᵀ H v = H v. */
export interface RangeForms extends Omit<QuadraticForms, 'within'> {
  readonly dimension: number;
  /** PᵀNME P */
  readonly nmeOperator: Operator;
  /** Pᵀ v */
  into(v: Float64Array): Float64Array;
  /** P z */
  out(z: Float64Array): Float64Array;
}

/** How the outputs move along v, number by number: uᵀG v = (J u)ᵀ H_z J v. */
export interface Tangent {
  /** J v */
  readonly outputs: Float64Array;
  /** H_z J v */
  readonly slopes: Float64Array;
}

/** v ↦ H v, G v and NME v. */
export interface Split {
  /** Of the three products of one v, in gradient evaluations. */
  readonly cost: number;
  /** What of the cost is spent once on all vectors that are multiplied together. Default 0. */
  readonly shared?: number | undefined;
  /** The three products of one v, in vectors of their own. */
  apply(v: Float64Array): SplitVectors;
  /** The products of several vectors, where they are cheaper together. */
  applyAll?(vs: readonly Float64Array[]): SplitVectors[];
}

/** The products of one v with H, G and NME. */
export type SplitVectors = Readonly<Record<'hessian' | 'gaussNewton' | 'nme', Float64Array>>;
