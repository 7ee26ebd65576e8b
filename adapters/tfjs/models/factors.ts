import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Cut, FactorShape } from './cut.js';
import { keepKernel } from './keepKernel.js';
import type { Layer } from './layerGraph.js';
import { channelsBy, endsLinear, type LinearLayer } from './linearLayer.js';
import { classNamed, type Remade } from './rebuild.js';
import { setVariable } from './setVariable.js';

/** The factors of a layer, one after the other, bias and activation at the end. */
export function factors(layer: LinearLayer, cut: Cut): Remade {
  const apart = cut.blocks.at(-1)?.last === cut.factors.length - 1 && !endsLinear(layer);
  const made = cut.factors.map((shape, i) => {
    if (i < cut.factors.length - 1) return factor(layer, shape, `${layer.name}_factor_${i + 1}`);
    return lastFactor(layer, shape, apart ? 'linear' : layer.activation);
  });
  const sums = cut.blocks.map((_, i) => layerOf('Add', { name: `${layer.name}_residual_${i + 1}` }));
  const activation = apart && layerOf('Activation', { name: `${layer.name}_activation`, activation: layer.activation });
  return {
    call([x]) {
      const inputs = [x!];
      made.forEach((one, i) => {
        const block = cut.blocks.findIndex(({ last }) => last === i);
        const value = one.apply(inputs[i]!) as SymbolicTensor;
        inputs.push(block < 0 ? value : sum(sums[block]!, inputs[cut.blocks[block]!.first]!, value));
      });
      const value = inputs.at(-1)!;
      return activation ? (activation.apply(value) as SymbolicTensor) : value;
    },
    fill() {
      if (cut.kernels === 'kept') keepKernel(layer, made, cut);
      for (const { kernel } of made) kernel.trainable = layer.kernel.trainable;
      const { bias } = made.at(-1)!;
      if (!bias) return;
      setVariable(bias, layer.bias!.read());
      bias.trainable = layer.bias!.trainable;
    },
  };
}

const sum = (layer: Layer, a: SymbolicTensor, b: SymbolicTensor): SymbolicTensor =>
  layer.apply([a, b]) as SymbolicTensor;

const layerOf = (className: string, config: Record<string, unknown>): Layer =>
  new (classNamed<Layer>(className))(config);

/** It makes the channels of the layer, so that a ReLU is what the source takes to follow: it draws them √2 as large. */
const lastFactor = (layer: LinearLayer, shape: FactorShape, activation: unknown): LinearLayer =>
  factor(layer, shape, layer.name, { useBias: layer.bias !== null, activation }, Math.SQRT2);

function factor(
  layer: LinearLayer,
  { channels, space }: FactorShape,
  name: string,
  end: Record<string, unknown> = { useBias: false, activation: 'linear' },
  gain = 1,
): LinearLayer {
  const { batchInputShape: _, ...config } = layer.getConfig();
  // Of a matrix the numbers that make one; of a convolution the numbers that one is used for.
  const fan = space ? space.kernelSize.reduce((a, b) => a * b, channels[1]) : channels[0];
  return new (classNamed<LinearLayer>(layer.getClassName()))({
    ...config,
    ...space,
    ...end,
    name,
    [channelsBy(layer)]: channels[1],
    kernelInitializer: { className: 'RandomNormal', config: { mean: 0, stddev: gain / Math.sqrt(fan) } },
  });
}
