import type { Layer } from './layerGraph.js';

type Config = Record<string, unknown>;

/**
 * A layer of the same class, not built, and of the same configuration but for `changes`.
 *
 * @throws TypeError, in the name of `who`, if the class does not make it of its own configuration.
 */
export function layerLike<L extends Layer>(who: string, layer: L, changes: Config = {}): L {
  const made = layer.constructor as unknown as { fromConfig(of: unknown, config: Config): L };
  return remaking(who, layer, () => made.fromConfig(made, { ...configOf(layer), ...changes }));
}

/** Runs a part of making a layer again; its errors are told as what they come from. */
export function remaking<T>(who: string, layer: Layer, part: () => T): T {
  try {
    return part();
  } catch (cause) {
    throw new TypeError(
      `${who}: ${layer.getClassName()} ${layer.name} cannot be made again from its configuration; register its class by ` +
        'tf.serialization.registerClass, and give all it takes in getConfig()',
      { cause },
    );
  }
}

/** In tfjs 4.22 that of a SeparableConv2D lacks its multiplier, and that of a Conv1D its format. */
function configOf(layer: Layer): Config {
  const { depthMultiplier, dataFormat } = layer as { depthMultiplier?: number; dataFormat?: string };
  return {
    ...layer.getConfig(),
    ...(depthMultiplier !== undefined && { depthMultiplier }),
    ...(dataFormat !== undefined && { dataFormat }),
  };
}
