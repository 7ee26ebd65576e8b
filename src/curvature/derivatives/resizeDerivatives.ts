import {
  type GradConfig,
  matMul,
  ResizeBilinear,
  ResizeBilinearGrad,
  ResizeNearestNeighbor,
  reshape,
  type Tensor,
  tensor2d,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { runKernel } from './runKernel.js';

/**
 * Resizing of images. With `halfPixelCenters` tfjs 4.22 has the gradient of another function: its kernels know no such thing.
 * That of nearest neighbours is not asked at all: on cpu it mixes up the images of a batch.
 */
export const resizeDerivatives: readonly GradConfig[] = [
  {
    kernelName: ResizeBilinear,
    inputsToSave: ['images'],
    gradFunc: (d, [images], attrs) => ({
      images: () => {
        const dy = d as Tensor;
        if (settingsOf(attrs).halfPixelCenters) return resizedBack(dy, images!.shape, bilinear);
        return runKernel(ResizeBilinearGrad, { dy, images: images! }, attrs);
      },
    }),
  },
  {
    kernelName: ResizeNearestNeighbor,
    inputsToSave: ['images'],
    gradFunc: (d, [images], attrs) => ({
      images: () => resizedBack(d as Tensor, images!.shape, nearest(settingsOf(attrs))),
    }),
  },
];

/** The adjoint of resizing is linear, and its adjoint is resizing. */
export const resizeSecondDerivatives: readonly GradConfig[] = [
  {
    kernelName: ResizeBilinearGrad,
    inputsToSave: ['dy', 'images'],
    gradFunc: (d, [dy, images], attrs) => ({
      dy: () => {
        const { alignCorners } = settingsOf(attrs);
        const settings = { alignCorners, halfPixelCenters: false, size: dy!.shape.slice(1, 3) };
        return runKernel(ResizeBilinear, { images: d as Tensor }, settings);
      },
      images: () => zerosLike(images!),
    }),
  },
];

interface Settings {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

const settingsOf = (attrs: object): Settings => attrs as Settings;

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
