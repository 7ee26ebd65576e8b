/**
 * Exact second order for TensorFlow.js: the entry `sharpstream/curvature`.
 *
 * @module sharpstream/curvature
 */

export { type Block, type BlocksOptions, blocksOf } from './blocksOf.js';
export { type BlockTracesOptions, blockTraces } from './blockTraces.js';
export { repairGradients } from './checks/repairGradients.js';
export { type Check, type SelfCheck, selfCheck, type Verdict } from './checks/selfCheck.js';
export type {
  Curvature,
  CurvatureParts,
  Engine,
  QuadraticForms,
  RangeForms,
  Split,
  SplitVectors,
  Tangent,
} from './curvature.js';
export { type CurvatureOptions, curvatureOf } from './curvatureOf.js';
export { type Batches, type CurvatureOverOptions, curvatureOver, type Progress } from './curvatureOver.js';
export { type ExtremesAndTraces, type ExtremesAndTracesOptions, extremesAndTraces } from './extremesAndTraces.js';
export type { FramedProducts } from './linearize/framedProducts.js';
export { gaussNewton } from './linearize/gaussNewton.js';
export { hvp } from './linearize/hvp.js';
export type { InRange } from './linearize/inRange.js';
export { jvp } from './linearize/jvp.js';
export { type LinearComposition, linearizeComposition, type SplitProduct } from './linearize/linearizeComposition.js';
export { type LinearGradient, linearizeGradient } from './linearize/linearizeGradient.js';
export { type LinearOutputs, linearizeOutputs } from './linearize/linearizeOutputs.js';
export type { WithJvp } from './linearize/nmeForm.js';
export { vjp } from './linearize/vjp.js';
export type { Eigenpair, Eigenvalue } from './spectrum/eigenpair.js';
export type { Estimate } from './spectrum/estimate.js';
export { type Extremes, extremes } from './spectrum/extremes.js';
export type { NamedProducts, Products } from './spectrum/forms.js';
export { type HutchinsonOptions, hutchinson, type Traces } from './spectrum/hutchinson.js';
export { type HutchPlusPlusOptions, hutchPlusPlus } from './spectrum/hutchPlusPlus.js';
export { lanczos } from './spectrum/lanczos.js';
export type { Operator, Shaped, TensorProduct } from './spectrum/operator.js';
export type { LanczosOptions } from './spectrum/searchSpectrum.js';
export { type SpectralDensity, type SpectralDensityOptions, spectralDensity } from './spectrum/spectralDensity.js';
export { topEigenpairs } from './spectrum/topEigenpairs.js';
export type { Disposable } from './tape/recording.js';
export { twiceDifferentiable } from './tape/twiceDifferentiable.js';
export { type Hint, towardsBothEnds } from './towardsBothEnds.js';
