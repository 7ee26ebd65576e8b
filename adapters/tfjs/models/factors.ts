import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { classNamed } from './classNamed.js';
import type { Cut, Factor } from './cut.js';
import { keepKernel } from './keepKernel.js';
import type { Layer } from './layerGraph.js';
import { layerLike } from './layerLike.js';
import { channelsBy, endsLinear, type LinearLayer } from './linearLayer.js';
import type { Remade } from './remade.js';
import { setVariable } from './setVariable.js';
import { configOf } from './space.js';

/** The factors of a layer, one after the other, bias and activation at the end; `who` is named in errors. */
export function factors(who: string, layer: LinearLayer, cut: Cut): Remade {
  const end = cut.factors.length - 1;
  // The activation is of the sum, where something is added to what the last factor makes.
  const apart = cut.blocks.at(-1)?.last === end && !endsLinear(layer);
  const made = cut.factors.map((factor, i) => {
    if (i < end) return layerLike(who, layer, innerFactor(layer, factor, `${layer.name}_factor_${i + 1}`));
    return layerLike(who, layer, lastFactor(layer, factor, apart ? 'linear' : layer.activation));
  });
  const sums = cut.blocks.map((_, i) => newLayer('Add', { name: `${layer.name}_residual_${i + 1}` }));
  const { activation } = layer;
  const activated = apart && newLayer('Activation', { name: `${layer.name}_activation`, activation });
  return {
    layers: made,
    call([x]) {
      const inputs = [x!];
      made.forEach((one, i) => {
        const block = cut.blocks.findIndex(({ last }) => last === i);
        const value = one.apply(inputs[i]!) as SymbolicTensor;
        const start = inputs[cut.blocks[block]?.first ?? i]!;
        inputs.push(block < 0 ? value : (sums[block]!.apply([start, value]) as SymbolicTensor));
      });
      const value = inputs.at(-1)!;
      return activated ? (activated.apply(value) as SymbolicTensor) : value;
    },
    fill() {
      if (cut.kernels === 'kept') keepKernel(layer, made, cut);
      for (const { kernel } of made) kernel.trainable = layer.kernel.trainable;
      const { bias } = made[end]!;
      if (!bias) return;
      setVariable(bias, layer.bias!.read());
      bias.trainable = layer.bias!.trainable;
    },
  };
}

type Config = Record<string, unknown>;

const innerFactor = (layer: LinearLayer, factor: Factor, name: string): Config => ({
  ...factorOf(layer, factor, 1),
  name,
  useBias: false,
  activation: 'linear',
});

/** With the gain for a ReLU after it, whatever there is, as the source has it. */
const lastFactor = (layer: LinearLayer, factor: Factor, activation: unknown): Config => ({
  ...factorOf(layer, factor, Math.SQRT2),
  activation,
});

function factorOf(layer: LinearLayer, { channels, space }: Factor, gain: number): Config {
  const [before, after] = channels;
  const size = space.kernelSize.reduce((a, b) => a * b, 1);
  const fan = space.kernelSize.length > 0 ? size * after : before;
  return {
    ...configOf(space),
    batchInputShape: undefined,
    [channelsBy(layer)]: after,
    kernelInitializer: { className: 'RandomNormal', config: { mean: 0, stddev: gain / Math.sqrt(fan) } },
  };
}

const newLayer = (className: string, config: Config): Layer => new (classNamed<Layer>(className))(config);
