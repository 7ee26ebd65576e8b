import type { LayerVariable } from '@tensorflow/tfjs-layers';
import type { Activation } from '../layersModel.js';
import type { Layer } from './layerGraph.js';

/** Layers that are a matrix, or a convolution with a kernel `[...kernelSize, in, out]`, a bias, and an activation. */
const CLASSES = ['Dense', 'Conv1D', 'Conv2D', 'Conv3D'];

const OTHERS = ['Conv2DTranspose', 'Conv3DTranspose', 'SeparableConv2D', 'DepthwiseConv2D'];

/** A dense or convolutional layer; for a dense one, lists by axis are empty. */
export interface LinearLayer extends Layer {
  readonly kernel: LayerVariable;
  readonly bias: LayerVariable | null;
  activation: Activation;
  readonly kernelConstraint: unknown;
  readonly kernelSize?: readonly number[];
  readonly strides?: readonly number[];
  readonly dilationRate?: readonly number[];
  readonly padding?: string;
  readonly dataFormat?: DataFormat;
}

export type DataFormat = 'channelsFirst' | 'channelsLast';

export const isLinearLayer = (layer: Layer): layer is LinearLayer => CLASSES.includes(layer.getClassName());

/** Whether a layer multiplies by a kernel, as dense and convolutional layers of any form do, or does so at every step. */
export function isKernelLayer(layer: Layer): boolean {
  const { layer: wrapped } = layer as { layer?: Layer };
  if (layer.getClassName() === 'TimeDistributed' && wrapped) return 'layers' in wrapped || isKernelLayer(wrapped);
  return isLinearLayer(layer) || OTHERS.includes(layer.getClassName());
}

/** Numbers of channels before and after. */
export const channelsOf = ({ kernel }: LinearLayer): [before: number, after: number] =>
  kernel.shape.slice(-2) as [number, number];

export const endsLinear = ({ activation }: LinearLayer): boolean => activation.getClassName() === 'linear';

/** What a layer says its number of channels by, in its configuration. */
export const channelsBy = (layer: LinearLayer): 'units' | 'filters' =>
  layer.getClassName() === 'Dense' ? 'units' : 'filters';
