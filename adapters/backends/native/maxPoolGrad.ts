import { type backend_util, type KernelConfig, MaxPoolGrad, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { allFinite } from './allFinite.js';
import type { NodeBackend, OpAttribute } from './nodeBackend.js';
import { type PoolAttrs, poolAttributes } from './poolAttributes.js';
import { withIntermediates } from './withIntermediates.js';

/**
 * The gradient of `tf.maxPool` on TensorFlow: dy of a window goes to the first of its largest, in reading order.
 *
 * TensorFlow's own looks for the largest again, a number at a time. oneDNN, which is in TensorFlow, takes a third of
 * that and gives the same bits, but for two cases that are left to TensorFlow. Where windows overlap it adds in another
 * order. And it looks for the largest from the lowest float32 on, TensorFlow from the first of the window, even if that
 * is NaN or −∞.
 */
export const maxPoolGrad: KernelConfig = {
  kernelName: MaxPoolGrad,
  backendName: 'tensorflow',
  kernelFunc({ inputs, attrs, backend }) {
    const node = backend as NodeBackend;
    const { dy, input, output } = inputs as { dy: TensorInfo; input: TensorInfo; output: TensorInfo };
    const { windows, attributes } = poolAttributes(node, 'maxPoolGrad', input, attrs as unknown as PoolAttrs);
    const isWhole = util.arraysEqual(dy.shape, windows.outShape);
    // oneDNN does not look whether there is a dy for each window.
    return isWhole && lieApart(windows) && isWorthIt(input) && allFinite(node, input)
      ? byOneDnn(node, attributes, dy, input)
      : node.executeSingleOutput('MaxPoolGrad', attributes, [input, output, dy]);
  },
};

const lieApart = ({ filterHeight, filterWidth, strideHeight, strideWidth }: backend_util.Conv2DInfo): boolean =>
  filterHeight <= strideHeight && filterWidth <= strideWidth;

/** Below this size TensorFlow's own is done before four operations have been called. */
const WORTH_IT = 1 << 16;

const isWorthIt = ({ shape, dtype }: TensorInfo): boolean =>
  dtype === 'float32' && util.sizeFromShape(shape) >= WORTH_IT;

/** TensorFlow itself puts these two operations for its own, in graphs; the pooling notes where the largest lie. */
function byOneDnn(node: NodeBackend, windows: readonly OpAttribute[], dy: TensorInfo, input: TensorInfo): TensorInfo {
  const { TF_ATTR_BOOL, TF_ATTR_STRING } = node.binding;
  const attributes = [
    ...windows,
    { name: '_kernel', type: TF_ATTR_STRING, value: 'MklNameChangeOp' },
    { name: 'workspace_enabled', type: TF_ATTR_BOOL, value: true },
  ];
  const [x, d] = node.getInputTensorIds([input, dy]) as [number, number];
  return withIntermediates(node, ({ run, tensor }) => {
    const [largest, places] = run('_MklNativeMaxPool', attributes, [x], 2) as [number, number];
    return tensor('_MklNativeMaxPoolGrad', attributes, [x, largest, d, places]);
  });
}
