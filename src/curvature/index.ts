/**
 * Exact second order for TensorFlow.js: the entry `sharpstream/curvature`.
 *
 * @module sharpstream/curvature
 */

export { type Block, type BlocksOptions, blocksOf } from './blocksOf.js';
export { type BlockTracesOptions, blockTraces } from './blockTraces.js';
export type { Curvature, CurvatureParts, Engine, QuadraticForms, Split, SplitVectors } from './curvature.js';
export { type CurvatureOptions, curvatureOf } from './curvatureOf.js';
export { type Batches, type CurvatureOverOptions, curvatureOver, type Progress } from './curvatureOver.js';
export type { Estimate } from './estimate.js';
export { type Extremes, extremes } from './extremes.js';
export { type ExtremesAndTraces, type ExtremesAndTracesOptions, extremesAndTraces } from './extremesAndTraces.js';
export type { Products } from './forms.js';
export { gaussNewton } from './gaussNewton.js';
export { type HutchinsonOptions, hutchinson, type Traces } from './hutchinson.js';
export { type HutchPlusPlusOptions, hutchPlusPlus } from './hutchPlusPlus.js';
export { hvp } from './hvp.js';
export { jvp } from './jvp.js';
export { type Eigenpair, type LanczosOptions, lanczos } from './lanczos.js';
export { type LinearComposition, linearizeComposition, type SplitProduct } from './linearizeComposition.js';
export { type LinearGradient, linearizeGradient } from './linearizeGradient.js';
export { type LinearOutputs, linearizeOutputs } from './linearizeOutputs.js';
export type { Operator } from './operator.js';
export type { Disposable } from './recording.js';
export { repairGradients } from './repairGradients.js';
export { type Check, type SelfCheck, selfCheck, type Verdict } from './selfCheck.js';
export { type SpectralDensity, type SpectralDensityOptions, spectralDensity } from './spectralDensity.js';
export { topEigenpairs } from './topEigenpairs.js';
export { twiceDifferentiable } from './twiceDifferentiable.js';
export { vjp } from './vjp.js';
