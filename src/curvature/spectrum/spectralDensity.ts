import { checkPositive } from '../../core/checkNumber.js';
import { refuseUnless } from '../../core/refuseUnless.js';
import { type Estimate, mean } from './estimate.js';
import { krylov } from './krylov.js';
import type { Operator } from './operator.js';
import { rademacher } from './rademacher.js';
import { ritzPairs } from './ritz.js';
import { scale } from './weightSpace.js';

/** What {@link spectralDensity} takes. */
export interface SpectralDensityOptions {
  /** Uniform in [0, 1), of 32 bits. */
  readonly random: () => number;
  /** Lanczos steps for each direction. Default 30. */
  readonly steps?: number | undefined;
  /** Random directions, at least 2. Default 4. */
  readonly draws?: number | undefined;
  /** Width of the Gaussian that smooths the density; at least 1/1000 of the spectrum's. Default 1/64 of it. */
  readonly sigma?: number | undefined;
}

/** How the eigenvalues of an operator are distributed. */
export interface SpectralDensity {
  /** Where the quadrature has its points, and what share of the eigenvalues each stands for. They sum to 1. */
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
  /** The smooth density, at points so close that their sum is its integral, 1. */
  readonly grid: readonly number[];
  readonly density: readonly number[];
  /** Of `density`, between directions. */
  readonly standardErrors: readonly number[];
  /** tr A / n, the mean eigenvalue. */
  readonly mean: Estimate;
  readonly sigma: number;
  /** Products it took. */
  readonly products: number;
}

/** Of σ: how far the grid reaches beyond the outermost nodes, and how close its points lie. */
const [MARGIN, SPACING] = [6, 1 / 4];

/**
 * The density of eigenvalues of a symmetric operator by stochastic Lanczos quadrature. For a random direction v,
 *
 *     vᵀ f(A) v ≈ Σ_k τ_k² f(θ_k),  θ the eigenvalues of Lanczos's T, τ the first components of its eigenvectors,
 *
 * exactly for polynomials of degree below 2 steps; its mean over v is tr f(A) / n. With f a Gaussian around each point of
 * a grid this is the density smoothed by it.
 *
 * - Cost: draws × steps products, fewer where a Krylov space ends before; memory: `steps` vectors, for one direction is
 *   done before the next begins.
 *
 * @throws RangeError if steps is not a positive integer, draws not one of at least 2, or sigma too small.
 * @see Ubaru, Chen, Saad 2017, Fast Estimation of tr(f(A)); Ghorbani, Krishnan, Xiao 2019, arXiv 1901.10159
 */
export function spectralDensity(operator: Operator, options: SpectralDensityOptions): SpectralDensity {
  const { random, steps = 30, draws = 4, sigma } = checkSpectralDensity('spectralDensity', options);
  const rules = Array.from({ length: draws }, () => quadrature(operator, steps, random));
  const nodes = rules.flatMap((rule) => rule.nodes);
  const [low, high] = [Math.min(...nodes), Math.max(...nodes)];
  const width = widthOf(sigma, low, high);
  const points = Math.ceil(((high - low) / width + 2 * MARGIN) / SPACING) + 1;
  const grid = Array.from({ length: points }, (_, i) => low + width * (i * SPACING - MARGIN));
  const smooth = grid.map((at) => mean(rules.map((rule) => smoothed(rule, at, width))));
  return {
    nodes,
    weights: rules.flatMap((rule) => rule.weights.map((weight) => weight / draws)),
    grid,
    density: smooth.map(({ value }) => value),
    standardErrors: smooth.map(({ standardError }) => standardError),
    mean: mean(rules.map((rule) => rule.nodes.reduce((sum, node, k) => sum + rule.weights[k]! * node, 0))),
    sigma: width,
    products: nodes.length,
  };
}

interface Quadrature {
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
}

function quadrature(operator: Operator, steps: number, random: () => number): Quadrature {
  const first = rademacher(operator.dimension, random);
  scale(first, 1 / Math.sqrt(operator.dimension));
  const most = Math.min(steps, operator.dimension);
  for (const space of krylov(operator, first, random)) {
    // An invariant space is the whole measure of its direction.
    if (space.rest > 0 && space.diagonal.length < most) continue;
    const { values: nodes, weights } = ritzPairs(space);
    return { nodes, weights };
  }
  throw new RangeError(`spectralDensity: the operator must have a dimension of at least 1, got ${operator.dimension}`);
}

const smoothed = ({ nodes, weights }: Quadrature, at: number, sigma: number): number =>
  nodes.reduce((sum, node, k) => sum + weights[k]! * gaussian((at - node) / sigma), 0) / sigma;

const gaussian = (x: number): number => Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI);

/** A single eigenvalue gets a width of its own size. */
function widthOf(sigma: number | undefined, low: number, high: number): number {
  const width = sigma ?? ((high - low) / 64 || Math.abs(high) / 64 || 1);
  if (width >= (high - low) / 1000) return width;
  throw new RangeError(`spectralDensity: sigma must be at least 1/1000 of the range ${low} to ${high}, got ${sigma}`);
}

/** @throws RangeError, in the name of `who`, if steps, draws or sigma are out of range. */
export function checkSpectralDensity<T extends Omit<SpectralDensityOptions, 'random'>>(who: string, options: T): T {
  const { steps = 1, draws = 2, sigma = 1 } = options;
  refuseUnless(Number.isInteger(steps) && steps >= 1, `${who}: steps`, 'a positive integer', steps);
  refuseUnless(Number.isInteger(draws) && draws >= 2, `${who}: draws`, 'an integer of at least 2', draws);
  checkPositive(`${who}: sigma`, sigma);
  return options;
}
