import type { Variable } from '@tensorflow/tfjs-core';
import { checkOneOf } from '../core/checkOneOf.js';
import { dot } from '../linalg/dot.js';
import type { Curvature } from './curvature.js';
import type { Operator } from './spectrum/operator.js';

/** One diagonal block of a curvature: that of some parameters, the others held fixed. */
export interface Block {
  /** Of the layer, or of the parameter. */
  readonly name: string;
  readonly params: readonly Variable[];
  readonly dimension: number;
  readonly hessian: Operator;
  /** Where the curvature has parts. */
  readonly gaussNewton?: Operator;
  readonly nme?: Operator;
  /** The block's entries of a vector of the whole space, in a vector of its own. */
  restrict(v: Float64Array): Float64Array;
  /** aᵀb of two vectors of the whole space, over the block's entries. */
  inner(a: Float64Array, b: Float64Array): number;
}

/** What {@link blocksOf} takes. */
export interface BlocksOptions {
  /** What makes a block. The layer of a parameter is its name up to the last slash, as tfjs-layers names it. Default 'layer'. */
  readonly by?: 'layer' | 'parameter' | undefined;
}

/** What of a vector belongs to a block. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The diagonal blocks of H, G and NME, layer by layer or parameter by parameter, in the order of the parameters. Together
 * they have the trace of the whole; its eigenvalues they have only where nothing lies between the blocks.
 *
 * - Cost: a product of a block is one of the whole. For one block alone `curvatureOf` with `only` is cheaper; for the traces
 *   of all, `blockTraces`.
 *
 * @throws RangeError if `by` is unknown.
 *
 * @example
 * for (const { name, hessian } of blocksOf(curvature)) console.log(name, lanczos(hessian, { random }).value);
 */
export function blocksOf(curvature: Curvature, { by = 'layer' }: BlocksOptions = {}): readonly Block[] {
  checkOneOf('blocksOf: by', by, ['layer', 'parameter']);
  const groups = new Map<string, { params: Variable[]; ranges: Range[] }>();
  let start = 0;
  for (const param of curvature.params) {
    const name = by === 'layer' ? layerOf(param) : param.name;
    const { params, ranges } = groups.get(name) ?? { params: [], ranges: [] };
    groups.set(name, { params: [...params, param], ranges: [...ranges, { start, end: start + param.size }] });
    start += param.size;
  }
  return [...groups].map(([name, { params, ranges }]) => blockOf(curvature, name, params, ranges));
}

/** `dense_1` of `dense_1/kernel`; a name without a slash is a layer of its own. */
const layerOf = ({ name }: Variable): string => (name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : name);

function blockOf(
  { dimension: whole, hessian, parts }: Curvature,
  name: string,
  params: readonly Variable[],
  ranges: readonly Range[],
): Block {
  const dimension = ranges.reduce((n, { start, end }) => n + end - start, 0);
  const restrict = (v: Float64Array): Float64Array => gather(v, ranges, dimension);
  const block = (what: string, { cost, shared, apply, applyAll }: Operator): Operator => {
    const widened = (v: Float64Array): Float64Array => {
      if (v.length === dimension) return scatter(v, ranges, whole);
      throw new RangeError(`${what} of ${name}: v must hold ${dimension} numbers, got ${v.length}`);
    };
    return {
      dimension,
      cost,
      shared,
      apply: (v) => restrict(apply(widened(v))),
      ...(applyAll && { applyAll: (vs: readonly Float64Array[]) => applyAll(vs.map(widened)).map(restrict) }),
    };
  };
  return {
    name,
    params,
    dimension,
    restrict,
    inner: (a, b) =>
      ranges.reduce((sum, { start, end }) => sum + dot(a.subarray(start, end), b.subarray(start, end)), 0),
    hessian: block('hessian', hessian),
    ...(parts && { gaussNewton: block('gaussNewton', parts.gaussNewton), nme: block('nme', parts.nme) }),
  };
}

function gather(v: Float64Array, ranges: readonly Range[], dimension: number): Float64Array {
  const part = new Float64Array(dimension);
  let at = 0;
  for (const { start, end } of ranges) {
    part.set(v.subarray(start, end), at);
    at += end - start;
  }
  return part;
}

function scatter(part: Float64Array, ranges: readonly Range[], dimension: number): Float64Array {
  const v = new Float64Array(dimension);
  let at = 0;
  for (const { start, end } of ranges) {
    v.set(part.subarray(at, at + end - start), start);
    at += end - start;
  }
  return v;
}
