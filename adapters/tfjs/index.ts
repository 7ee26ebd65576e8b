/**
 * Training loops of TensorFlow.js, in the browser and on Node: the entry `sharpstream/tfjs`.
 *
 * @module sharpstream/tfjs
 */

export type { Findings } from '../../src/core/measureOnce.js';
export { registerActivation } from './activations/registerActivation.js';
export { instrument } from './instrument.js';
export { logits } from './logits.js';
export { type MeasureOptions, type MeasureProgress, measure } from './measure.js';
export { collapse } from './models/collapse.js';
export { type OverparameterizeOptions, overparameterize } from './models/overparameterize.js';
export type { OptimizerState, Slot } from './optimizerState.js';
export type { RunState } from './runState.js';
export type { SeedState } from './seeding.js';
export type { InstrumentOptions, LoopObjective, Run } from './types.js';
