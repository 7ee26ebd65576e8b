/** Kernels whose first gradient TensorFlow.js 4.22 has wrong at times, and says nothing. */
export const wrongKernels: readonly string[] = [
  // Where windows reach into the padding, on cpu and wasm.
  ...['AvgPool', 'AvgPool3D'],
  // Of input and filter, on wasm.
  'Conv3D',
  // What flows back from the mirrored border is lost.
  'MirrorPad',
  // Along every axis but the last.
  'Cumsum',
  // Equals get the whole of it each.
  ...['Max', 'Min'],
  // With halfPixelCenters; of nearest neighbours also for all but the first image of a batch, on cpu.
  ...['ResizeBilinear', 'ResizeNearestNeighbor'],
];
