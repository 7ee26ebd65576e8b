import type { Probe } from '../../../src/core/watching.js';

/** `train.loss` [1]: the loss itself, its penalties included. Cost: 1 gradient evaluation, shared with `gradient.norm`. */
export const lossProbe: Probe = {
  name: 'loss',
  measures: [{ name: 'train.loss', unit: '1' }],
  measure: ({ plain }) => [{ name: 'train.loss', value: plain().loss.dataSync()[0]! }],
};
