import { readGolden } from './readGolden.js';

/** What sam_family.py says of a network; gradients are flat, as the optimizer gets them. */
export interface SamFamily {
  readonly rho: number;
  readonly groups: { readonly m: number; readonly gradient: readonly number[] };
  readonly fraction: { readonly fraction: number; readonly loss: number; readonly gradient: readonly number[] };
  /** Where parameters of two dimensions or more are moved alone. */
  readonly kernels: { readonly gradient: readonly number[] };
  readonly gsam: { readonly alpha: number; readonly orthogonalNorm: number; readonly gradient: readonly number[] };
  readonly lookSam: LookSam;
}

export interface LookSam {
  readonly alpha: number;
  readonly learningRate: number;
  readonly orthogonalNorm: number;
  readonly reusedNorm: number;
  /** At an ascent, and a step of gradient descent later. */
  readonly gradients: readonly (readonly number[])[];
}

export const samFamilyNames = ['mlp-tanh', 'mlp-gelu', 'autoencoder'] as const;

export const samFamily = readGolden<Readonly<Record<(typeof samFamilyNames)[number], SamFamily>>>('sam-family');
