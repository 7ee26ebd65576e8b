/** Training loops of TensorFlow.js, in the browser and on Node: the entry `sharpstream/tfjs`. */

export { type InstrumentOptions, instrument, type LoopObjective, type Run } from './instrument.js';
export { logits } from './logits.js';
