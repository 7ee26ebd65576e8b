import { clone, dispose, keep, stack, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  innerModel,
  innermost,
  type LayerInternals,
  type LossFunction,
  type ModelInternals,
  outputLayer,
  type SymbolicTensor,
} from './layersModel.js';
import { override, overriding } from './override.js';

/** How the outputs of a model come from logits. */
export interface Logits {
  /** Runs a forward pass of the whole model, and gives the logits its outputs came from. */
  only(forward: () => Tensor[]): Tensor[];
  /** Runs `f`, which evaluates loss and model as they are, and gives the logits it went through. */
  within(f: () => void): Tensor[];
  /** The model's output from its logits. */
  link(output: number, logits: Tensor): Tensor;
}

/**
 * What turns the logits of one output into what the model puts out: a softmax or a sigmoid in the last layer.
 *
 * Any other last activation belongs to the network, and its logits are the output itself.
 */
interface Link {
  /** Outputs from logits. */
  apply(logits: Tensor): Tensor;
  /** Has `came` told of every output that the layer makes; returns what undoes it. */
  tap(came: Came): () => void;
}

/** Takes note of an output and of the logits it came from, and gives the output back. */
type Came = (output: Tensor, logits: Tensor) => Tensor;

/**
 * Outputs and logits are matched by the very tensors, for a last layer may stand in several places of a model: what it makes
 * within the network is a feature, and has no logits.
 */
export function logitsOf(model: ModelInternals): Logits {
  const links = linksOf(model.outputs);

  function traced<T>(f: (logitsOf: (output: Tensor, i: number) => Tensor) => T): T {
    const seen = new Map<number, Tensor>();
    // Layers tidy up behind themselves, so what they went through is kept.
    const came: Came = (output, logits) => {
      seen.set(output.id, keep(clone(logits)));
      return output;
    };
    const logitsOf = (output: Tensor, i: number): Tensor => {
      const logits = seen.get(output.id);
      // A layer that goes on from what its activation made has no link.
      if (!logits) links[i] = undefined;
      return clone(logits ?? output);
    };
    const taps = () => [...new Set(links)].flatMap((link) => (link ? [link.tap(came)] : []));
    try {
      return overriding(taps, () => f(logitsOf));
    } finally {
      dispose([...seen.values()]);
    }
  }

  return {
    only: (forward) => traced((logitsOf) => tidy(() => forward().map(logitsOf))),
    within: (f) =>
      traced((logitsOf) => {
        const captured: Tensor[] = [];
        const losses = model.lossFunctions.map((loss, i): LossFunction => {
          return (target, output) => {
            captured[i] = keep(logitsOf(output, i));
            return loss(target, output);
          };
        });
        try {
          overriding(() => [override(model, 'lossFunctions', losses)], f);
          return captured.map((logits) => clone(logits));
        } finally {
          dispose(captured);
        }
      }),
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
  return (x) => only(() => [inner.apply(x as Tensor, { training: false })].flat())[0]!;
}

/** One link for each layer, however many outputs it makes. */
function linksOf(outputs: readonly SymbolicTensor[]): (Link | undefined)[] {
  const layers = outputs.map(outputLayer);
  const links = new Map([...new Set(layers)].map((layer) => [layer, linkOf(layer)]));
  return layers.map((layer) => links.get(layer));
}

function linkOf(layer: LayerInternals): Link | undefined {
  const { activation, softmax, axis } = layer;
  if (layer.getClassName() === 'TimeDistributed') {
    const inner = linkOf(innermost(layer.layer!));
    return inner && atEveryStep(layer, inner);
  }
  if (activation && ['softmax', 'sigmoid'].includes(activation.getClassName())) {
    return {
      apply: (z) => activation.apply(z),
      tap: (came) => {
        const apply = (z: Tensor): Tensor => came(activation.apply(z), z);
        // The class name decides how a dense layer computes; it stays, so that the numbers stay.
        return override(layer, 'activation', { apply, getClassName: () => activation.getClassName() });
      },
    };
  }
  if (layer.getClassName() === 'Softmax' && softmax) {
    return {
      apply: (z) => softmax(z, axis),
      tap: (came) => override(layer, 'softmax', (z, along) => came(softmax(z, along), z)),
    };
  }
  return undefined;
}

/** A wrapper that calls a layer for each step, `[batch, steps, ...]`, and stacks what it makes. */
function atEveryStep(wrapper: LayerInternals, { apply, tap }: Link): Link {
  return {
    apply,
    tap(came) {
      const steps: Tensor[] = [];
      const call = wrapper.call;
      const undo = [
        tap((output, z) => {
          steps.push(keep(clone(z)));
          return output;
        }),
        override(wrapper, 'call', (inputs, kwargs) => {
          try {
            const output = call.call(wrapper, inputs, kwargs);
            return came(output as Tensor, stack(steps, 1));
          } finally {
            dispose(steps.splice(0));
          }
        }),
      ];
      return () => undo.forEach((back) => back());
    },
  };
}
