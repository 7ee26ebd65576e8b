import * as tf from '@tensorflow/tfjs-core';
import * as data from '@tensorflow/tfjs-data';
import { type InstrumentOptions, instrument, type LoopObjective, type Run } from '../../../adapters/tfjs/index.js';
import { mlp } from '../../models.js';

/** A form of loop: how it is written, one step of it, and what it cannot do, each with the proof. */
export interface LoopForm {
  readonly form: string;
  /** Trains at least one step; `watch` is handed the run ahead of it. */
  train(watch: (run: Run) => void, options?: InstrumentOptions): Promise<void>;
  readonly limits: readonly Limit[];
}

export interface Limit {
  readonly text: string;
  /** Whether it is still so. */
  holds(): Promise<boolean>;
}

const compiled = () => {
  const made = mlp();
  made.model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  return made;
};

const fails = (f: () => unknown, message: RegExp): Promise<boolean> =>
  (async () => f())().then(
    () => false,
    (error: Error) => message.test(error.message),
  );

type Fit = (made: ReturnType<typeof compiled>) => Promise<unknown>;

const ofModel =
  (fit: Fit): LoopForm['train'] =>
  async (watch, options = {}) => {
    const made = compiled();
    const run = instrument(made.model, options);
    watch(run);
    await fit(made);
    await run.stop();
  };

const w = () => tf.variable(tf.tensor2d([[1], [2]]));
const lossOf = (w: tf.Variable) => () => tf.sum(tf.square(w)) as tf.Scalar;

const ofOptimizer =
  (step: (run: Run, optimizer: tf.Optimizer) => void): LoopForm['train'] =>
  async (watch, options = {}) => {
    const optimizer = tf.train.sgd(0.1);
    const run = instrument(optimizer, options);
    watch(run);
    step(run, optimizer);
    await run.stop();
  };

/** Everything a hand-written objective may carry. */
function everything(): LoopObjective {
  const [v, x] = [w(), tf.ones([3, 2])];
  const outputs = () => [tf.matMul(x, v as tf.Tensor2D)];
  return {
    params: [v],
    outputs,
    outputLoss: ([z]) => tf.mean(tf.square(z!)) as tf.Scalar,
    batch: { x, y: x },
    features: outputs,
    withActivations: (_, f) => f(),
  };
}

const offers = ['outputs', 'batch', 'features', 'activations'] as const;
const withEverything = (step: (run: Run) => void): LoopForm['train'] => {
  const train = ofOptimizer(step);
  return (watch, options) => train(watch, { ...options, offers });
};

const unseen = ofOptimizer((_, optimizer) => {
  const v = w();
  optimizer.applyGradients(tf.variableGrads(lossOf(v), [v]).grads);
});

export const LOOP_FORMS: readonly LoopForm[] = [
  {
    form: '`instrument(model)`, `model.fit`',
    train: ofModel(({ model, x, y }) => model.fit(x, y, { epochs: 1, verbose: 0 })),
    limits: [
      {
        text: 'class weights count; sample weights are refused by tfjs itself',
        holds: () => {
          const { model, x, y } = compiled();
          return fails(() => model.fit(x, y, { sampleWeight: tf.ones([24]) as tf.Tensor1D }), /not supported yet/);
        },
      },
    ],
  },
  {
    form: '`instrument(model)`, `model.fitDataset`',
    train: ofModel(({ model, x, y }) =>
      model.fitDataset(data.array([{ xs: x, ys: y }]) as never, { epochs: 1, verbose: 0 }),
    ),
    limits: [],
  },
  {
    form: '`instrument(model)`, `model.trainOnBatch`',
    train: ofModel(({ model, x, y }) => model.trainOnBatch(x, y)),
    limits: [],
  },
  {
    form: '`instrument(optimizer)`, `optimizer.minimize(() => loss)`',
    train: ofOptimizer((_, optimizer) => {
      const v = w();
      optimizer.minimize(lossOf(v), false, [v]);
    }),
    limits: [
      {
        text: 'measured in the mode the loss has',
        holds: async () => {
          const modes: unknown[] = [];
          const run = instrument(tf.train.sgd(0.1));
          run.steps.subscribe(({ objective }) => modes.push(objective.mode, objective.withMode));
          run.minimize({ loss: lossOf(w()) });
          await run.stop();
          return modes.length === 2 && modes.every((mode) => mode === undefined);
        },
      },
    ],
  },
  {
    form: '`run.minimize({ loss })`',
    train: ofOptimizer((run) => {
      const v = w();
      run.minimize({ params: [v], loss: lossOf(v) });
    }),
    limits: [],
  },
  {
    form: '`run.minimize({ outputs, outputLoss, batch, features, withActivations })`',
    train: withEverything((run) => run.minimize(everything())),
    limits: [
      {
        text: 'each as given; what is announced in `offers` and missing throws',
        holds: () =>
          fails(() => withEverything((run) => run.minimize({ loss: lossOf(w()) }))(() => {}), /has no outputs/),
      },
    ],
  },
  {
    form: '`run.gradients(objective)`, then `applyGradients`',
    train: withEverything((run) => run.gradients(everything())),
    limits: [],
  },
  {
    form: '`tf.variableGrads` called by the loop',
    train: unseen,
    limits: [
      {
        text: 'passes unseen: call `run.gradients` in its place',
        holds: async () => {
          let seen = 0;
          await unseen((run) => run.steps.subscribe(() => seen++));
          return seen === 0;
        },
      },
    ],
  },
];
