import type { Measurement } from '../../../src/core/watching.js';

/** A measurement as the command prints it. */
export type Measured = Omit<Measurement, 'step'> & {
  /** ‖A x − λ x‖ of an eigenvalue λ: some eigenvalue lies so near. */
  readonly residual?: number;
};

/** Puts the residual of an eigenvalue, which a probe tells as a share of it in a series of its own, beside its value. */
export function withResiduals(measurements: readonly Measurement[]): Measured[] {
  const shares = new Map(
    measurements.flatMap(({ name, value }) =>
      name.endsWith('_residual') ? [[name.slice(0, -'_residual'.length), Number(value)] as const] : [],
    ),
  );
  return measurements
    .filter(({ name }) => !name.endsWith('_residual'))
    .map(({ step: _, ...measured }) => {
      const share = shares.get(measured.name);
      if (share === undefined) return measured;
      return { ...measured, residual: share * (Math.abs(Number(measured.value)) || 1) };
    });
}
