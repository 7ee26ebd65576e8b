import type { ChangeActivation, Elementwise, Objective } from '../core/objective.js';

/** Activations by layer, and how they are replaced for a while. */
export interface ReplaceableActivations<Layer extends string> {
  /** To be called in the network, in place of those given. */
  readonly activations: Readonly<Record<Layer, Elementwise>>;
  /** Runs a function in which every one of them is what a change makes of it. */
  readonly withActivations: NonNullable<Objective['withActivations']>;
}

/**
 * The activations of a network written by hand, by layer, such that interventions and probes can look at them and replace
 * them: `withActivations` is what they ask of an objective. A LayersModel has it by itself.
 *
 * @param byLayer functions of every element by itself; softmax is none.
 *
 * @example
 * const { activations, withActivations } = replaceableActivations({ hidden: betaGelu() });
 * const outputs = () => [tf.matMul(activations.hidden(tf.matMul(x, w)), v)];
 * run.minimize({ params: [w, v], outputs, outputLoss, withActivations });
 */
export function replaceableActivations<Layer extends string>(
  byLayer: Readonly<Record<Layer, Elementwise>>,
): ReplaceableActivations<Layer> {
  let changed: ChangeActivation = (activation) => activation;
  const entries = Object.entries<Elementwise>(byLayer).map(([layer, activation]): [string, Elementwise] => [
    layer,
    (x) => changed(activation, layer)(x),
  ]);
  return {
    activations: Object.fromEntries(entries) as Record<Layer, Elementwise>,
    withActivations(change, f) {
      const outer = changed;
      changed = (activation, layer) => change(outer(activation, layer), layer);
      try {
        return f();
      } finally {
        changed = outer;
      }
    },
  };
}
