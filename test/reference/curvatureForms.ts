import type { GoldenName } from '../golden.js';
import { readGolden } from './readGolden.js';

/** vᵀAv as a function of the weights: its value along the `v` of the network, and its gradient. */
export interface CurvatureForm {
  readonly value: number;
  readonly gradient: readonly number[];
}

/** What curvature_forms.py says of each network. */
export type CurvatureForms = Readonly<Record<'hessian' | 'gaussNewton', CurvatureForm>>;

export const curvatureForms = readGolden<Readonly<Record<GoldenName, CurvatureForms>>>('curvature-forms');
