import { util } from '@tensorflow/tfjs-core';
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
    const name = i < end ? factorName(layer, i) : layer.name;
    return layerLike(who, layer, { ...configOfFactor(layer, factor, i === end), name });
  });
  const sums = cut.blocks.map((_, i) => newLayer<Layer>('Add', { name: `${layer.name}_residual_${i + 1}` }));
  const activated =
    apart && newLayer<Activated>('Activation', { name: `${layer.name}_activation`, activation: 'linear' });
  (activated || made[end]!).activation = layer.activation;
  return {
    layers: made,
    call([x]) {
      const inputs = [x!];
      made.forEach((one, i) => {
        const value = one.apply(inputs[i]!) as SymbolicTensor;
        const block = cut.blocks.findIndex(({ last }) => last === i);
        const summed = (): SymbolicTensor[] => [inputs[cut.blocks[block]!.first]!, value];
        inputs.push(block < 0 ? value : (sums[block]!.apply(summed()) as SymbolicTensor));
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

/** Of the factors but the last, which has the name of the layer. */
export const factorName = ({ name }: Layer, i: number): string => `${name}_factor_${i + 1}`;

type Config = Record<string, unknown>;
type Activated = Layer & Pick<LinearLayer, 'activation'>;

/** Kernels are drawn with the gain of a ReLU at the end, whatever follows there, as the source has it. */
function configOfFactor(layer: LinearLayer, { channels: [before, after], space }: Factor, isLast: boolean): Config {
  const { kernelSize } = space;
  const fan = kernelSize.length > 0 ? util.sizeFromShape([...kernelSize, after]) : before;
  const stddev = (isLast ? Math.SQRT2 : 1) / Math.sqrt(fan);
  return {
    ...configOf(space),
    batchInputShape: undefined,
    [channelsBy(layer)]: after,
    useBias: isLast && layer.bias !== null,
    activation: 'linear',
    kernelInitializer: { className: 'RandomNormal', config: { mean: 0, stddev } },
  };
}

const newLayer = <L>(className: string, config: Config): L => new (classNamed<L>(className))(config);
