import type { Intervention } from '../../../../src/core/intervention.js';
import { sam } from '../../../../src/interventions/sam.js';

export const FULL = 'SAM';
export const QUARTER = 'SAM, f = 1/4';

/** What is compared, by name: the optimizer alone, SAM, and SAM with its ascent on a quarter of the batch. */
export const methods = (plain: string, rho: number): Readonly<Record<string, () => readonly Intervention[]>> => ({
  [plain]: () => [],
  [FULL]: () => [sam({ rho })],
  [QUARTER]: () => [sam({ rho, ascentFraction: 1 / 4 })],
});
