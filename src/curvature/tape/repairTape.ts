import { clone, Identity, ones, Tensor, tidy } from '@tensorflow/tfjs-core';
import { pathBetween, pullback } from './pullback.js';
import { replaceMethods } from './replaceMethods.js';
import { type CustomKernel, release, type TapeEngine } from './tape.js';

/**
 * Replaces four methods of the engine so that gradients can be differentiated; the returned function puts them back.
 *
 * What is wrong with them, as of TensorFlow.js 4.22:
 *
 * - `addTapeNode` records a kernel behind the clones of its own outputs that it saves for its gradient. A walk that
 *   goes down the tape in order takes those clones for constants, and every path through tanh, exp, softmax is lost.
 * - `runKernelFunc` does not record the inside of a custom gradient, so that what it saves from there is a constant too.
 * - `gradients` throws where a function has no curvature, instead of giving zeros.
 */
export function repairTape(engine: TapeEngine): () => void {
  return replaceMethods(engine, {
    ...inOrder(engine),
    runKernelFunc: openCustomGradients(engine),
    gradients: gradientsIn(engine),
  });
}

/** Saving is the last thing a kernel does before its own node is added: that node goes where the saving began. */
function inOrder(engine: TapeEngine): Pick<TapeEngine, 'addTapeNode' | 'saveTensorsForBackwardMode'> {
  const add = engine.addTapeNode.bind(engine);
  const save = engine.saveTensorsForBackwardMode.bind(engine);
  let savedFrom: number | undefined;
  let saving = false;
  return {
    saveTensorsForBackwardMode(tensors) {
      const from = engine.state.activeTape!.length;
      saving = true;
      try {
        // Batch normalization without a scale saves none; tfjs would clone it.
        const saved = tensors.map((tensor) => (tensor ? save([tensor])[0] : tensor));
        savedFrom = from;
        return saved;
      } finally {
        saving = false;
      }
    },
    addTapeNode(kernelName, inputs, outputs, gradient, saved, attrs) {
      refuseAliases(kernelName, inputs, outputs);
      // tfjs names a clone that it saves after the operation it is in.
      add(saving ? Identity : kernelName, inputs, outputs, gradient, saved, attrs);
      const tape = engine.state.activeTape!;
      tape.at(-1)!.attrs = attrs;
      if (savedFrom === undefined) return;
      tape.splice(savedFrom, 0, tape.pop()!);
      savedFrom = undefined;
    },
  };
}

/** A tensor that is its own cause would be walked over twice. */
function refuseAliases(kernelName: string, inputs: object, outputs: readonly Tensor[]): void {
  const given = new Set<unknown>(Object.values(inputs));
  if (outputs.some((y) => given.has(y))) {
    throw new Error(`the kernel ${kernelName} returns its own input and cannot be differentiated twice`);
  }
}

/**
 * Records the inside of a custom gradient, and gives the result a fresh tensor whose node carries the gradient declared.
 * Here and not in `tf.customGrad`, whose results are made once, as a rule before any scope, and call this.
 */
function openCustomGradients(engine: TapeEngine): TapeEngine['runKernelFunc'] {
  const run = engine.runKernelFunc.bind(engine);
  return (call) => ('forwardFunc' in call && engine.isTapeOn() ? runOpenly(engine, call) : run(call));
}

function runOpenly(engine: TapeEngine, { forwardFunc, backwardsFunc, inputs }: CustomKernel): Tensor {
  let saved: Tensor[] = [];
  const save = (tensors: Tensor[]): void => {
    saved = tensors.map((t) => engine.keep(clone(t)));
  };
  try {
    return tidy(() => {
      const value = forwardFunc(engine.backend, save);
      const result = unrecorded(engine, () => clone(value));
      engine.addTapeNode('customGrad', inputs, [result], backwardsFunc, saved, {});
      return result;
    });
  } catch (error) {
    for (const t of saved) t.dispose();
    throw error;
  }
}

function unrecorded<T>(engine: TapeEngine, f: () => T): T {
  engine.state.kernelDepth++;
  try {
    return f();
  } finally {
    engine.state.kernelDepth--;
  }
}

function gradientsIn(engine: TapeEngine): TapeEngine['gradients'] {
  return (f, xs, dy) => {
    engine.startTape();
    let recording = true;
    try {
      const value = tidy(f);
      engine.endTape();
      recording = false;
      if (!(value instanceof Tensor))
        throw new TypeError(`the function of a gradient must return a tensor, got ${value}`);
      const path = pathBetween(engine.state.activeTape!, xs, [value]);
      // In a scope of their own: variableGrads has none around it.
      return { value, grads: tidy(() => pullback(path, [value], [dy ?? ones(value.shape)], xs)) };
    } finally {
      if (recording) engine.endTape();
      if (engine.state.gradientDepth === 0) {
        release(engine.state.activeTape ?? []);
        engine.state.activeTape = null;
      }
    }
  };
}
