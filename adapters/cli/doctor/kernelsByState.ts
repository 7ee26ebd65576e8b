import { type DerivativeState, secondDerivatives } from '../data/secondDerivatives.gen.js';

/** The kernels of tfjs by what becomes of their second derivatives on one backend. */
export type KernelsByState = Readonly<Record<DerivativeState, readonly string[]>>;

/** The states, the best first. */
export const derivativeStates: readonly DerivativeState[] = [
  'exact',
  'zero curvature',
  'refused',
  'no first gradient',
  'no kernel',
];

/** @throws RangeError if the table does not hold the backend. */
export function kernelsByState(backend: string): KernelsByState {
  if (backend !== 'cpu' && backend !== 'wasm' && backend !== 'tensorflow') {
    throw new RangeError(`kernelsByState: the table holds cpu, wasm and tensorflow, not '${backend}'`);
  }
  const inState = (state: DerivativeState): string[] =>
    secondDerivatives.filter((row) => row[backend] === state).map(({ kernel }) => kernel);
  return Object.fromEntries(derivativeStates.map((state) => [state, inState(state)])) as Record<
    DerivativeState,
    string[]
  >;
}
