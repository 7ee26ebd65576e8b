import {
  cast,
  clone,
  customGrad,
  type GradConfig,
  type GradSaveFunc,
  gatherND,
  getBackend,
  getKernel,
  type NamedAttrMap,
  reshape,
  scatterND,
  type Tensor,
  type Tensor1D,
  tensor1d,
  unsortedSegmentSum,
} from '@tensorflow/tfjs-core';
import { derivative } from './derivative.js';
import { inPlaceOf } from './inPlaceOf.js';
import { extents, type PoolWindows, poolWindows } from './poolWindows.js';
import { runKernel } from './runKernel.js';

/**
 * Max pooling, differentiable as often as one likes: dy goes to the first largest element of its window. That is a
 * scatter, whose adjoint is the gather at the same places.
 */
export const maxPoolingDerivatives: readonly GradConfig[] = ['MaxPool', 'MaxPool3D'].map((kernelName) =>
  derivative(kernelName, ['x'], (dy, saved, attrs) => ({
    x: () => {
      const { size, shape } = saved[0]!;
      // A decision, and so the work of a kernel: there selfCheck holds on to it.
      const places = inPlaceOf(saved, (x) => clone(placesOfLargest(x, attrs))) as Tensor1D;
      return reshape(scatter(reshape(dy, [dy.size]), places, { size, images: shape[0]! }), shape);
    },
  })),
);

/** What was pooled: its numbers, and the images they are of, one behind the other. */
interface Pooled {
  readonly size: number;
  readonly images: number;
}

type Placed = (values: Tensor, places: Tensor1D, pooled: Pooled) => Tensor;

/** An operation whose adjoint is another at the same places. */
const paired =
  (forward: Placed, adjoint: () => Placed): Placed =>
  (values, places, pooled) =>
    customGrad((v, save) => {
      (save as GradSaveFunc)([places]);
      return {
        value: forward(v as Tensor, places, pooled),
        gradFunc: (d, [at]) => adjoint()(d, at as Tensor1D, pooled),
      };
    })(values);

const scatter = paired(sumAt, () => gatherFrom);
const gatherFrom: Placed = paired(
  (values, places) => gatherND(values, column(places)),
  () => scatter,
);

/** A kernel of `loadTensorFlow`, which says what it takes and gives. */
const SUM_AT_PLACES = 'SumAtPlaces';

/** TensorFlow sums segments in 2/5 of the time it takes to scatter; cpu looks for each segment in all values. */
function sumAt(values: Tensor, places: Tensor1D, { size, images }: Pooled): Tensor {
  if (getBackend() !== 'tensorflow') return scatterND(column(places), values, [size]);
  return getKernel(SUM_AT_PLACES, 'tensorflow') && values.size > 0
    ? runKernel(SUM_AT_PLACES, { values, places }, { size, images })
    : unsortedSegmentSum(values, places, size);
}

/** Places as the indices of single elements; so TensorFlow gathers in a quarter of the time of `gather`. */
const column = (places: Tensor1D): Tensor => reshape(places, [places.size, 1]);

/** Flat position in x of the largest element of each window, the first of equals in reading order. Unit dilation. */
function placesOfLargest(x: Tensor, attrs: NamedAttrMap): Tensor1D {
  return onDevice(x, attrs) ? byKernel(x, attrs) : byLoop(x, poolWindows(x.shape, attrs));
}

/**
 * Whether to leave the search to the backend. The memory of cpu and of wasm is at hand, and the kernel of wasm is wrong
 * where a window holds nothing above 0.
 */
const onDevice = (x: Tensor, attrs: NamedAttrMap): boolean =>
  x.rank === 4 &&
  (attrs.pad === 'same' || attrs.pad === 'valid') &&
  !['cpu', 'wasm'].includes(getBackend()) &&
  getKernel('MaxPoolWithArgmax', getBackend()) !== undefined;

function byKernel(x: Tensor, attrs: NamedAttrMap): Tensor1D {
  const both = runKernel('MaxPoolWithArgmax', { x }, { ...attrs, includeBatchInIndex: true });
  const [largest, places] = both as unknown as [Tensor, Tensor];
  largest.dispose();
  return reshape(cast(places, 'int32'), [places.size]); // WebGL finds them as floats.
}

function byLoop(x: Tensor, windows: PoolWindows): Tensor1D {
  const [batch, channels] = [x.shape[0]!, x.shape.at(-1)!];
  const values = x.dataSync();
  const cells = cellsOf(windows);
  const image = x.size / batch;
  const places = new Int32Array(batch * cells.length * channels);
  let out = 0;
  for (let start = 0; start < x.size; start += image) {
    for (const window of cells) {
      for (let channel = start; channel < start + channels; channel++) {
        let best = channel + window[0]! * channels;
        for (let i = 1; i < window.length; i++) {
          const at = channel + window[i]! * channels;
          if (values[at]! > values[best]!) best = at;
        }
        places[out++] = best;
      }
    }
  }
  return tensor1d(places, 'int32');
}

/** The cells of an image inside each window, both in reading order. */
function cellsOf(windows: PoolWindows): readonly (readonly number[])[] {
  return windows.sides.reduce<number[][]>(
    (all, side, axis) =>
      all.flatMap((cells) =>
        extents(windows, axis).map(([begin, end]) =>
          cells.flatMap((cell) => Array.from({ length: end - begin }, (_, i) => cell * side + begin + i)),
        ),
      ),
    [[0]],
  );
}
