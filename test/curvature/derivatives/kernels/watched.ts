import * as tf from '@tensorflow/tfjs-core';

/** All kernels that tfjs has a name for. */
export const kernelNames: readonly string[] = [
  ...new Set(Object.values<unknown>(tf).filter((v): v is string => typeof v === 'string' && /^_?[A-Z]/.test(v))),
].sort();

/** Derivatives by kernel, and in each by input: those that were there, and those that were computed. */
export interface Uses {
  readonly offered: Set<string>;
  readonly computed: Set<string>;
}

/** The kernels that `f` runs, in order. */
export function kernelsOf(f: () => unknown): string[] {
  const engine = tf.engine();
  const run = engine.runKernel;
  const names: string[] = [];
  engine.runKernel = (kernelName, ...rest) => {
    names.push(kernelName);
    return run.call(engine, kernelName, ...rest) as never;
  };
  try {
    f();
    return names;
  } finally {
    Reflect.deleteProperty(engine, 'runKernel');
  }
}

/**
 * Runs `f` and takes down which derivatives of which kernels it computes. Has to be called inside of the scope that
 * registers them.
 */
export function watched<T>(uses: Uses, f: () => T): T {
  const before = kernelNames.flatMap((name) => tf.getGradient(name) ?? []);
  for (const config of before) replace(watching(config, uses));
  try {
    return f();
  } finally {
    before.forEach(replace);
  }
}

function replace(config: tf.GradConfig): void {
  tf.unregisterGradient(config.kernelName);
  tf.registerGradient(config);
}

function watching(config: tf.GradConfig, { offered, computed }: Uses): tf.GradConfig {
  return {
    ...config,
    gradFunc: (...args) => {
      const derivatives = Object.entries(config.gradFunc(...args)).map(([input, derivative]) => {
        const name = `${config.kernelName}.${input}`;
        offered.add(name);
        const compute = (): tf.Tensor => {
          computed.add(name);
          return derivative();
        };
        return [input, compute];
      });
      return Object.fromEntries(derivatives);
    },
  };
}
