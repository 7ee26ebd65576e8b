import type { Optimizer, Scalar, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Offers } from '../../src/core/needs.js';
import type { RunCore } from '../../src/core/run.js';
import { activationsOf } from './activations/activationsOf.js';
import { checkProbeSets } from './checkProbeSets.js';
import { claim } from './claim.js';
import { gradientOf, handWritten } from './handWritten.js';
import {
  allLayers,
  allWeights,
  compiledModel,
  type FitArgs,
  type ModelInternals,
  type TrainFunction,
} from './layersModel.js';
import { modelObjective, type StepData } from './modelObjective.js';
import { openLoop } from './openLoop.js';
import { openRun } from './openRun.js';
import { optimizerSettings } from './optimizerSettings.js';
import { override, overriding } from './override.js';
import { seeding } from './seeding.js';
import type { InstrumentOptions, Run } from './types.js';
import { updating } from './updating.js';
import { withEpochs } from './withEpochs.js';

/**
 * Instruments `fit`, `fitDataset` and `trainOnBatch` of a model.
 *
 * All three train through the function that `makeTrainFunction` returns, which sees the batch; while it runs, the gradient
 * of whatever optimizer the model has then is the run's. So a new optimizer, from `compile` or `setState`, is followed.
 */
export function instrumentModel(model: LayersModel, options: InstrumentOptions): Run {
  const inner = compiledModel(model);
  const seeded = seeding(options.seed);
  const weights = () => allWeights(compiledModel(model));
  checkProbeSets(options.metrics ?? [], inner);
  const optimizer = (): Optimizer => compiledModel(model).optimizer_!;
  const loop = {
    ...openLoop(options.name ?? model.name, offersOf(inner)),
    optimizer: () => optimizerSettings(optimizer()),
    weights,
  };
  const resumable = { seeded, optimizer, weights };
  const claimed = () => claim([...new Set([model, compiledModel(model)])], [optimizer()]);
  let release = claimed();
  const freed = () => release();
  return openRun(options, loop, resumable, freed, (core) => {
    let restore = attach(inner, core, seeded);
    // Compiling a Sequential again makes a new model within it.
    const compile = model.compile.bind(model);
    const restoreCompile = override(model, 'compile', (args) => {
      restore();
      release();
      try {
        compile(args);
      } finally {
        release = claimed();
        restore = attach(compiledModel(model), core, seeded);
      }
    });
    const compute = () => optimizer().computeGradients.bind(optimizer());
    const none = { outputs: false, batch: false, features: false, activations: false };
    const hand = handWritten(core, optimizer, compute, seeded, { ...loop.offers, ...none });
    return {
      hand,
      restore() {
        restore();
        restoreCompile();
      },
    };
  });
}

/** Puts the run into the model; returns what takes it out. */
function attach(model: ModelInternals, core: RunCore, seeded: <T>(step: () => T) => T): () => void {
  const objectiveOf = modelObjective(model);
  const [inputs, outputs] = [model.inputs.length, model.outputs.length];

  const instrumented =
    (train: TrainFunction): TrainFunction =>
    (data) => {
      if (!core.active()) {
        core.pass();
        return train(data);
      }
      const optimizer = model.optimizer_!;
      const compute = optimizer.computeGradients.bind(optimizer);
      const batch: StepData = {
        x: data.slice(0, inputs),
        y: data.slice(inputs, inputs + outputs),
        weights: data.slice(inputs + outputs, inputs + 2 * outputs),
      };
      const computeGradients = (f: () => Scalar, params: Variable[] = []) => {
        const trainable = params.filter((p) => p.trainable);
        // Nothing to train: tfjs says so in its own words.
        if (trainable.length === 0) return compute(f, params);
        const taken = seeded(() => core.take((step) => objectiveOf(step, trainable, batch, f), gradientOf(compute)));
        return { value: taken.loss, grads: taken.grads };
      };
      return overriding(
        () => [override(optimizer, 'computeGradients', computeGradients), ...updating(optimizer, core)],
        () => train(data),
      );
    };

  const { makeTrainFunction, fit, fitDataset } = model;
  const watching = (args: FitArgs = {}): FitArgs => ({ ...args, callbacks: withEpochs(args.callbacks, core) });
  const undo = [
    override(model, 'makeTrainFunction', () => instrumented(makeTrainFunction.call(model))),
    override(model, 'fit', (x, y, args) => fit.call(model, x, y, watching(args))),
    override(model, 'fitDataset', (dataset, args) => fitDataset.call(model, dataset, watching(args))),
  ];
  return () => undo.forEach((back) => back());
}

function offersOf(model: ModelInternals): Offers {
  return {
    outputs: true,
    batch: true,
    features: true,
    layers: allLayers(model.layers).map(({ name }) => name),
    activations: activationsOf(model).layers,
    loop: 'model.fit',
    remedy: 'leave it out',
  };
}
