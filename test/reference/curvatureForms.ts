import type { GoldenName } from '../golden.js';
import { readGolden } from './readGolden.js';

/** vᵀAv for the `v` of the network, or tr A, as a function of the weights: its value and its gradient. */
export interface CurvatureForm {
  readonly value: number;
  readonly gradient: readonly number[];
}

type Forms = Readonly<Record<'hessian' | 'gaussNewton', CurvatureForm>>;

/** What curvature_forms.py says of each network: of vᵀAv, and of some of tr A. */
export type CurvatureForms = Forms & { readonly traces?: Forms };

export const curvatureForms = readGolden<Readonly<Record<GoldenName, CurvatureForms>>>('curvature-forms');
