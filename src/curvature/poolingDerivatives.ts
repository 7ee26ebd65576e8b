import {
  AvgPool,
  AvgPoolGrad,
  avgPool,
  backend_util,
  clone,
  customGrad,
  engine,
  type GradConfig,
  gather,
  MaxPool,
  mul,
  pad,
  reshape,
  scatterND,
  slice,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tensor,
  tensor1d,
  zerosLike,
} from '@tensorflow/tfjs-core';

/** Pooling, differentiable as often as one likes, by kernels that every backend has. */
export const poolingDerivatives: readonly GradConfig[] = [
  {
    kernelName: MaxPool,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({ x: () => maxPoolGradient(dy as Tensor, x!, windowsOf(x!, attrs)) }),
  },
  {
    kernelName: AvgPool,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({ x: () => averagePoolGradient(dy as Tensor, x!, windowsOf(x!, attrs)) }),
  },
  {
    kernelName: AvgPoolGrad,
    inputsToSave: ['input'],
    gradFunc: (d, [input], attrs) => {
      const { filterSize, strides, pad } = attrs as unknown as PoolSettings;
      return { dy: () => avgPool(d as Tensor4D, filterSize, strides, pad), input: () => zerosLike(input!) };
    },
  },
];

interface PoolSettings {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Windows = backend_util.Conv2DInfo;

function windowsOf(x: Tensor, attrs: object): Windows {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as PoolSettings;
  return backend_util.computePool2DInfo(x.shape as Tensor4D['shape'], filterSize, strides, 1, pad, dimRoundingMode);
}

/** dy goes to the first largest element of its window: a scatter, whose adjoint is the gather at the same places. */
function maxPoolGradient(dy: Tensor, x: Tensor, windows: Windows): Tensor {
  // A decision, and so the work of a kernel: there selfCheck holds on to it.
  const places = clone(largestOfEach(windows, x.dataSync() as Float32Array));
  return reshape(scatter(reshape(dy, [dy.size]), places, x.size), x.shape);
}

function scatter(values: Tensor, places: Tensor1D, size: number): Tensor {
  return customGrad((v, save) => {
    (save as (tensors: Tensor[]) => void)([places]);
    return {
      value: scatterND(reshape(places, [places.size, 1]), v as Tensor, [size]),
      gradFunc: (d, [at]) => gather(d, at as Tensor1D),
    };
  })(values);
}

/** Flat position of the largest element of each window, the first of equals in reading order. Unit dilation. */
function largestOfEach(windows: Windows, values: Float32Array): Tensor1D {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, inChannels, filterHeight, filterWidth } = windows;
  const places = new Int32Array(batchSize * outHeight * outWidth * inChannels);
  let out = 0;
  for (let b = 0; b < batchSize; b++) {
    for (let i = 0; i < outHeight; i++) {
      const [top, bottom] = clipped(i * windows.strideHeight - windows.padInfo.top, filterHeight, inHeight);
      for (let j = 0; j < outWidth; j++) {
        const [left, right] = clipped(j * windows.strideWidth - windows.padInfo.left, filterWidth, inWidth);
        for (let c = 0; c < inChannels; c++) {
          let best = ((b * inHeight + top) * inWidth + left) * inChannels + c;
          for (let y = top; y < bottom; y++) {
            for (let x = left; x < right; x++) {
              const at = ((b * inHeight + y) * inWidth + x) * inChannels + c;
              if (values[at]! > values[best]!) best = at;
            }
          }
          places[out++] = best;
        }
      }
    }
  }
  return tensor1d(places, 'int32');
}

const clipped = (begin: number, size: number, n: number): [number, number] => [
  Math.max(begin, 0),
  Math.min(begin + size, n),
];

/**
 * The windows are made whole by padding, for the kernel divides by the whole window where the pool divided by the part
 * of it inside the image: on cpu and wasm, tfjs 4.22 gives a wrong gradient for 'same'.
 */
function averagePoolGradient(dy: Tensor, x: Tensor, windows: Windows): Tensor {
  const { padInfo, filterHeight, filterWidth, strideHeight, strideWidth } = windows;
  const whole = engine().runKernel(
    AvgPoolGrad,
    { dy: mul(dy, wholeOverInside(windows)), input: paddedLike(x, padInfo) },
    { filterSize: [filterHeight, filterWidth], strides: [strideHeight, strideWidth], pad: 'valid' },
  ) as Tensor;
  return slice(whole, [0, padInfo.top, padInfo.left, 0], x.shape);
}

const paddedLike = (x: Tensor, { top, bottom, left, right }: Windows['padInfo']): Tensor =>
  top + bottom + left + right === 0
    ? x
    : pad(x, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]);

/** Elements of a window over those of them inside the image, `[1, outHeight, outWidth, 1]`. */
function wholeOverInside(windows: Windows): Tensor {
  const { filterHeight, filterWidth, outHeight, outWidth, padInfo } = windows;
  const along = (count: number, stride: number, before: number, size: number, n: number): number[] =>
    Array.from({ length: count }, (_, i) => {
      const [begin, end] = clipped(i * stride - before, size, n);
      return size / (end - begin);
    });
  const rows = along(outHeight, windows.strideHeight, padInfo.top, filterHeight, windows.inHeight);
  const columns = along(outWidth, windows.strideWidth, padInfo.left, filterWidth, windows.inWidth);
  return tensor(
    rows.flatMap((r) => columns.map((c) => r * c)),
    [1, outHeight, outWidth, 1],
  );
}
