import { type GradConfig, matMul, reshape, type Tensor, tensor2d, zerosLike } from '@tensorflow/tfjs-core';
import { derivative } from './derivative.js';
import { runKernel } from './runKernel.js';

/**
 * Resizing of images. With `halfPixelCenters` tfjs 4.22 has the gradient of another function: its kernels know no such thing.
 * That of nearest neighbours is not asked at all: on cpu it mixes up the images of a batch.
 */
export const resizeDerivatives: readonly GradConfig[] = [
  derivative('ResizeBilinear', ['images'], (dy, [images], attrs) => ({
    images: () =>
      attrs.halfPixelCenters
        ? resizedBack(dy, images!.shape, bilinear)
        : runKernel('ResizeBilinearGrad', { dy, images: images! }, attrs),
  })),
  derivative('ResizeNearestNeighbor', ['images'], (dy, [images], attrs) => ({
    images: () => resizedBack(dy, images!.shape, nearest(attrs as unknown as Settings)),
  })),
];

/** The adjoint of resizing is linear, and its adjoint is resizing. */
export const resizeSecondDerivatives: readonly GradConfig[] = [
  derivative('ResizeBilinearGrad', ['dy', 'images'], (d, [dy, images], { alignCorners }) => ({
    dy: () => {
      const settings = { alignCorners, halfPixelCenters: false, size: dy!.shape.slice(1, 3) };
      return runKernel('ResizeBilinear', { images: d }, settings);
    },
    images: () => zerosLike(images!),
  })),
];

interface Settings {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** What an element of the output at place `i` of `out` takes from each of `n`: pairs of index and weight. */
type Weights = (i: number, out: number, n: number) => readonly (readonly [number, number])[];

const within = (i: number, n: number): number => Math.min(Math.max(i, 0), n - 1);

function bilinear(i: number, out: number, n: number): [number, number][] {
  const at = Math.max((i + 0.5) * (n / out) - 0.5, 0);
  const [below, share] = [Math.floor(at), at - Math.floor(at)];
  return [
    [within(below, n), 1 - share],
    [within(below + 1, n), share],
  ];
}

function nearest({ alignCorners, halfPixelCenters }: Settings): Weights {
  return (i, out, n) => {
    const corners = alignCorners && out > 1;
    const at = corners ? i * ((n - 1) / (out - 1)) : (halfPixelCenters ? i + 0.5 : i) * (n / out);
    return [[within(corners ? Math.round(at) : Math.floor(at), n), 1]];
  };
}

/** Images are resized by a matrix for the rows and one for the columns, and back by their transposes. */
function resizedBack(dy: Tensor, shape: readonly number[], weights: Weights): Tensor {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const [, outHeight, outWidth] = dy.shape as [number, number, number];
  const rows = reshape(dy, [batch, outHeight, outWidth * channels]);
  const fewer = matMul(matrixOf(outHeight, height, weights), rows, true);
  const columns = reshape(fewer, [batch * height, outWidth, channels]);
  return reshape(matMul(matrixOf(outWidth, width, weights), columns, true), [batch, height, width, channels]);
}

/** `[1, out, n]`, so that it serves every image of a batch. */
function matrixOf(out: number, n: number, weights: Weights): Tensor {
  const matrix = new Float32Array(out * n);
  for (let i = 0; i < out; i++) for (const [j, weight] of weights(i, out, n)) matrix[i * n + j]! += weight;
  return reshape(tensor2d(matrix, [out, n]), [1, out, n]);
}
