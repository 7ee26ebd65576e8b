import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';

/** The last convolution: 7 × 7 × 16. */
export const MAPS = 'maps';
/** The last ReLU: 64 units. */
export const UNITS = 'units';
/** The linear layer that a bottleneck is. */
export const BOTTLENECK = 'bottleneck';

/**
 * A convolutional network for images `[28, 28, 1]` of ten classes. With `bottleneck` a linear layer of so many units lies
 * between the last ReLU and the classifier: what the classifier sees has no higher rank than that.
 */
export function convnet(draw: () => number, bottleneck?: number): LayersModel {
  const seeded = () => ({ kernelInitializer: initializers.heNormal({ seed: 1 + Math.floor(draw() * 2 ** 31) }) });
  const convolution = { kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' } as const;
  return sequential({
    layers: [
      layers.conv2d({ inputShape: [28, 28, 1], filters: 8, ...convolution, ...seeded() }),
      layers.conv2d({ filters: 16, name: MAPS, ...convolution, ...seeded() }),
      layers.flatten(),
      layers.dense({ units: 64, activation: 'relu', name: UNITS, ...seeded() }),
      ...(bottleneck ? [layers.dense({ units: bottleneck, name: BOTTLENECK, ...seeded() })] : []),
      layers.dense({ units: 10, activation: 'softmax', ...seeded() }),
    ],
  });
}
