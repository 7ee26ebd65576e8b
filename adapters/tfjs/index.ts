export { type InstrumentOptions, instrument, type LoopObjective, type Run } from './instrument.js';
export { logits } from './logits.js';
