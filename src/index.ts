/**
 * Watch and steer a training loop: the entry `sharpstream`. Runs wherever tfjs-core and rxjs do.
 *
 * @module sharpstream
 */

export { type AlertRuleOptions, alertRule, type Judge } from './alerts/alertRule.js';
export { nonFinite } from './alerts/nonFinite.js';
export { type StalledOptions, stalled } from './alerts/stalled.js';
export { above, below, type ThresholdOptions } from './alerts/threshold.js';
export { all } from './core/all.js';
export { atOffset } from './core/atOffset.js';
export { type BestWeightsOptions, bestWeights, type LiveWeightKeeper, type WeightKeeper } from './core/bestWeights.js';
export { budget } from './core/budget.js';
export { compose } from './core/compose.js';
export { type CosineOptions, cosine } from './core/cosine.js';
export { every } from './core/every.js';
export { gradient } from './core/gradient.js';
export type * from './core/intervention.js';
export { logSpaced } from './core/logSpaced.js';
export type * from './core/objective.js';
export { type NumberMeasured, only } from './core/only.js';
export { type Packed, type PackedType, pack, unpack } from './core/pack.js';
export type { PartState } from './core/partStates.js';
export { type Piece, piecewise } from './core/piecewise.js';
export { probe } from './core/probe.js';
export type { Progress, RunOptions, Streams } from './core/run.js';
export { warmUp } from './core/warmUp.js';
export type * from './core/watching.js';
export { accumulate } from './interventions/accumulate.js';
export { clipByGlobalNorm } from './interventions/clipByGlobalNorm.js';
export { clipByValue } from './interventions/clipByValue.js';
export { confidencePenalty } from './interventions/confidencePenalty.js';
export { type DecoupledWeightDecayOptions, decoupledWeightDecay } from './interventions/decoupledWeightDecay.js';
export { type DistillationOptions, distillation } from './interventions/distillation.js';
export { type GradientPenaltyOptions, gradientPenalty } from './interventions/gradientPenalty.js';
export { type L1Options, l1 } from './interventions/l1.js';
export { type L2Options, l2 } from './interventions/l2.js';
export { labelSmoothing } from './interventions/labelSmoothing.js';
export { type PenaltyFunction, penalty } from './interventions/penalty.js';
export { type SamOptions, sam } from './interventions/sam.js';
export { sometimes } from './interventions/sometimes.js';
export { type SpectralOptions, spectral } from './interventions/spectral.js';
export { type WeightNoiseOptions, weightNoise } from './interventions/weightNoise.js';
export type { Centering } from './linalg/centered.js';
export { bottomEigenvalue } from './metrics/bottomEigenvalue.js';
export { type ConfidenceOptions, confidence } from './metrics/confidence.js';
export type { CurvatureConditions } from './metrics/curvatureConditions.js';
export type { EigenvalueOptions } from './metrics/eigenvalueProbe.js';
export { type FeatureRankOptions, featureRank } from './metrics/featureRank.js';
export { gaussNewtonTopEigenvalue } from './metrics/gaussNewtonTopEigenvalue.js';
export { gaussNewtonTrace } from './metrics/gaussNewtonTrace.js';
export { gradientNorm } from './metrics/gradientNorm.js';
export { type GramRankOptions, gramRank } from './metrics/gramRank.js';
export { hessianTrace } from './metrics/hessianTrace.js';
export { nmeAlongGradient } from './metrics/nmeAlongGradient.js';
export { nmeNorm } from './metrics/nmeNorm.js';
export { nmeShare } from './metrics/nmeShare.js';
export { nmeTrace } from './metrics/nmeTrace.js';
export { penaltyTopEigenvalue } from './metrics/penaltyTopEigenvalue.js';
export { penaltyTrace } from './metrics/penaltyTrace.js';
export type { ProbeConditions } from './metrics/probedObjective.js';
export { rayleighGradient } from './metrics/rayleighGradient.js';
export { type SamSharpnessOptions, samSharpness } from './metrics/samSharpness.js';
export { sharpnessStability } from './metrics/sharpnessStability.js';
export { topEigenvalue } from './metrics/topEigenvalue.js';
export type { TraceOptions } from './metrics/traceProbe.js';
export { type UnitActivityOptions, unitActivity } from './metrics/unitActivity.js';
export { type WeightRankOptions, weightRank } from './metrics/weightRank.js';
