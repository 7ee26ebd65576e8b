import type { Tensor } from '@tensorflow/tfjs-core';
import type { Batch } from './objective.js';

/** How many examples a batch holds. */
export const rowsOf = ({ x }: Batch): number => ([x].flat() as Tensor[])[0]!.shape[0] ?? 1;
