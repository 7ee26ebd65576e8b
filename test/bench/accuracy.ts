import { curvatureOf } from '../../src/curvature/curvatureOf.js';
import { golden, goldenNames } from '../golden.js';
import { type Row, row } from './row.js';

/** The worst of the golden networks: distance of a product from that of JAX in float64, relative to ‖H v‖. */
export function accuracy(): Row[] {
  const errors = goldenNames.map((name) => {
    const { objective, expected, v, dispose } = golden(name);
    const { hessian, parts, dispose: forget } = curvatureOf(objective);
    const { product } = expected.hessian;
    const direction = Float64Array.from(v);
    const made = {
      H·v: distance(hessian.apply(direction), product),
      G·v: distance(parts!.gaussNewton.apply(direction), expected.gaussNewton.product),
      NME·v: distance(parts!.nme.apply(direction), expected.nme.product),
    };
    const size = Math.hypot(...product);
    forget();
    dispose();
    return Object.fromEntries(Object.entries(made).map(([what, error]) => [what, error / size]));
  });
  return ['H·v', 'G·v', 'NME·v'].map((what) =>
    row(
      `${what} from JAX, worst of ${errors.length} golden networks`,
      '‖H·v‖',
      { value: worst(errors, what) },
      5e-6,
      {},
    ),
  );
}

const worst = (errors: readonly Readonly<Record<string, number>>[], what: string): number =>
  Math.max(...errors.map((error) => error[what]!));

const distance = (actual: Float64Array, expected: readonly number[]): number =>
  Math.hypot(...expected.map((e, i) => actual[i]! - e));
