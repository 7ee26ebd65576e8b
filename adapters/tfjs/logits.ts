import { clone, dispose, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { hold } from './captureOutputs.js';
import {
  innerModel,
  type LayerInternals,
  type LossFunction,
  type ModelInternals,
  type SymbolicTensor,
} from './layersModel.js';
import { override, overriding } from './override.js';

/**
 * What turns the logits of one output into what the model puts out: a softmax or a sigmoid in the last layer.
 *
 * Any other last activation belongs to the network, and its logits are the output itself.
 */
interface Link {
  readonly layer: LayerInternals;
  /** Outputs from logits. */
  apply(logits: Tensor): Tensor;
  /** Puts `link` in the place of the activation; returns what undoes it. */
  replace(link: (logits: Tensor) => Tensor): () => void;
}

/** How the outputs of a model come from logits. */
export interface Logits {
  /** Runs a forward pass of the whole model with the links left out, so that its outputs are logits. */
  only<T>(forward: () => T): T;
  /** Runs `f`, which evaluates the model as it is, and gives the logits it went through. */
  within(f: () => void): Tensor[];
  /** The model's output from its logits. */
  link(output: number, logits: Tensor): Tensor;
}

export function logitsOf(model: ModelInternals): Logits {
  const links = model.outputs.map((output) => linkOf(model, output));
  return {
    only: (forward) => overriding(() => links.flatMap((link) => (link ? [link.replace((z) => z)] : [])), forward),
    within(f) {
      const captured = new Map<unknown, Tensor>();
      const tap = (link: Link): (() => void) =>
        link.replace((z) => {
          hold(captured, link.layer, z);
          return link.apply(z);
        });
      // An output without a link is its own logits, and is seen where the loss takes it.
      const losses = model.lossFunctions.map((loss, i): LossFunction => {
        if (links[i]) return loss;
        return (target, output) => {
          hold(captured, i, output);
          return loss(target, output);
        };
      });
      const put = () => [
        override(model, 'lossFunctions', losses),
        ...links.flatMap((link) => (link ? [tap(link)] : [])),
      ];
      overriding(put, f);
      const logits = links.map((link, i) => clone(captured.get(link?.layer ?? i)!));
      dispose([...captured.values()]);
      return logits;
    },
    link: (output, logits) => links[output]?.apply(logits) ?? logits,
  };
}

/**
 * The logits of a model for inputs `[batch, ...]`, in inference mode: what `distillation` and `confidence` take as teacher.
 *
 * The model need not be compiled.
 *
 * @throws TypeError if the model is not a LayersModel with one output.
 *
 * @example
 * instrument(student, { interventions: [distillation({ teacher: logits(teacher) })] });
 */
export function logits(model: LayersModel): (x: Tensor | readonly Tensor[]) => Tensor {
  const inner = innerModel('logits', model);
  if (inner.outputs.length !== 1) {
    throw new TypeError(`logits: the model must have one output, got ${inner.outputs.length}`);
  }
  const { only } = logitsOf(inner);
  return (x) => only(() => [inner.apply(x as Tensor, { training: false })].flat()[0]!);
}

function linkOf(container: Container, { sourceLayer: layer, outputTensorIndex = 0 }: SymbolicTensor): Link | undefined {
  // A layer in several places of a model cannot lose its activation in one of them.
  if (placesIn(container, layer) > 1) return undefined;
  const nested = layer.outputs?.[outputTensorIndex];
  if (layer.layers && nested) return linkOf(layer, nested);
  const { activation, softmax } = layer;
  if (activation && ['softmax', 'sigmoid'].includes(activation.getClassName())) {
    return {
      layer,
      apply: (z) => activation.apply(z),
      // The class name decides how a dense layer computes; it stays, so that the numbers stay.
      replace: (link) => override(layer, 'activation', { apply: link, getClassName: () => activation.getClassName() }),
    };
  }
  if (layer.getClassName() === 'Softmax' && softmax) {
    return { layer, apply: (z) => softmax(z), replace: (link) => override(layer, 'softmax', link) };
  }
  return undefined;
}

type Container = Pick<ModelInternals, 'containerNodes'>;

/** How often a layer is applied in the graph of a model; other models may apply it as well. */
function placesIn({ containerNodes }: Container, { name, inboundNodes }: LayerInternals): number {
  if (!containerNodes) return inboundNodes.length;
  return inboundNodes.filter((_, i) => containerNodes.has(`${name}_ib-${i}`)).length;
}
