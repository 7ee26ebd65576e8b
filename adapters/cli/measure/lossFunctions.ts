import { losses, mean, Reduction, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { innerModel, type LossFunction, outputLayer } from '../../tfjs/layersModel.js';

/** A loss by its name: what `model.compile` takes for it. */
export interface NamedLoss {
  readonly name: string;
  readonly loss: string | LossFunction;
}

/** What tfjs-layers calls its losses. */
const OF_LAYERS = [
  'meanSquaredError',
  'meanAbsoluteError',
  'meanAbsolutePercentageError',
  'meanSquaredLogarithmicError',
  'squaredHinge',
  'hinge',
  'categoricalHinge',
  'logcosh',
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
  'binaryCrossentropy',
  'kullbackLeiblerDivergence',
  'poisson',
  'cosineProximity',
] as const;

/** Those of `tf.losses` that take logits: for a model that ends without softmax or sigmoid. Each example's own, unreduced. */
const OF_LOGITS: Readonly<Record<string, LossFunction>> = {
  softmaxCrossEntropy: (y, z) => losses.softmaxCrossEntropy(y, z, undefined, 0, Reduction.NONE),
  sigmoidCrossEntropy: (y, z): Tensor => mean(losses.sigmoidCrossEntropy(y, z, undefined, 0, Reduction.NONE), -1),
};

export const lossNames: readonly string[] = [...OF_LAYERS, ...Object.keys(OF_LOGITS)];

/** Losses of probabilities, by the loss of logits that says the same. */
const OF_PROBABILITIES: Readonly<Record<string, { readonly activation: string; readonly ofLogits?: string }>> = {
  categoricalCrossentropy: { activation: 'softmax', ofLogits: 'softmaxCrossEntropy' },
  sparseCategoricalCrossentropy: { activation: 'softmax' },
  binaryCrossentropy: { activation: 'sigmoid', ofLogits: 'sigmoidCrossEntropy' },
};

/**
 * The losses of the outputs of a model: `asked`, else those it was compiled with.
 *
 * @param asked a name, or one for each output with commas between; names in snake_case pass too.
 * @param compiled what model.json says of the loss.
 * @throws Error if there is none, if it is unknown, or if it does not suit the last layer.
 */
export function chooseLosses(model: LayersModel, asked: string | undefined, compiled: unknown): readonly NamedLoss[] {
  const { outputs } = innerModel('measure', model);
  const names = asked?.split(',') ?? namesIn(compiled, outputs.length, model.outputNames);
  if (!names) throw new Error(`--loss is missing, and the model was saved without one; give one of ${all()}`);
  if (names.length !== 1 && names.length !== outputs.length) {
    throw new Error(`--loss must be one name, or one for each of ${outputs.length} outputs, got ${names.length}`);
  }
  return outputs.map((output, i) => {
    const named = known(names.length === 1 ? names[0]! : names[i]!);
    refuseUnsuited(named.name, outputLayer(output));
    return named;
  });
}

const all = (): string => lossNames.join(', ');

function namesIn(compiled: unknown, count: number, outputs: readonly string[]): string[] | undefined {
  if (typeof compiled === 'string') return Array.from({ length: count }, () => compiled);
  if (Array.isArray(compiled)) return compiled;
  if (compiled) return outputs.map((name) => (compiled as Record<string, string>)[name] ?? '');
  return undefined;
}

function known(name: string): NamedLoss {
  const camel = name.trim().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const loss = OF_LOGITS[camel] ?? OF_LAYERS.find((known) => known === camel);
  if (!loss) throw new Error(`--loss: there is no loss '${name}'; there are ${all()}`);
  return { name: camel, loss };
}

/** A cross entropy that is given logits for probabilities, or the other way round, is a number that means nothing. */
function refuseUnsuited(loss: string, { name, ...layer }: ReturnType<typeof outputLayer>): void {
  const activation = layer.activation?.getClassName() ?? (layer.softmax ? 'softmax' : undefined);
  if (activation === undefined) return;
  const wanted = OF_PROBABILITIES[loss];
  if (wanted && activation === 'linear') {
    const remedy = wanted.ofLogits
      ? `use --loss ${wanted.ofLogits}`
      : 'give y as one-hot, with --loss softmaxCrossEntropy';
    throw new Error(`--loss ${loss} takes probabilities, but the layer ${name} ends in logits; ${remedy}`);
  }
  if (loss in OF_LOGITS && ['softmax', 'sigmoid'].includes(activation)) {
    const [remedy] = Object.entries(OF_PROBABILITIES).find(([, { ofLogits }]) => ofLogits === loss)!;
    throw new Error(`--loss ${loss} takes logits, but the layer ${name} ends in ${activation}; use --loss ${remedy}`);
  }
}
