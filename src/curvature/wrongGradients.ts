import {
  AvgPool,
  AvgPool3D,
  Conv3D,
  Cumsum,
  type GradConfig,
  Max,
  Min,
  MirrorPad,
  ResizeBilinear,
  ResizeNearestNeighbor,
} from '@tensorflow/tfjs-core';
import { firstDerivatives } from './firstDerivatives.js';

const wrong: ReadonlySet<string> = new Set([
  // Where windows reach into the padding, on cpu and wasm.
  ...[AvgPool, AvgPool3D],
  // Of the input and of the filter, on wasm.
  Conv3D,
  // What flows back from the mirrored border is lost.
  MirrorPad,
  // Along every axis but the last.
  Cumsum,
  // Equals get the whole of it each.
  ...[Max, Min],
  // With halfPixelCenters.
  ...[ResizeBilinear, ResizeNearestNeighbor],
]);

/** Right ones for the kernels whose first gradient TensorFlow.js 4.22 has wrong, and says nothing. */
export const wrongGradients: readonly GradConfig[] = firstDerivatives.filter(({ kernelName }) => wrong.has(kernelName));
