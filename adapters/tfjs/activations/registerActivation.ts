import { serialization, type Tensor } from '@tensorflow/tfjs-core';
import type { Elementwise } from '../../../src/core/objective.js';

/**
 * Makes a function of single elements an activation that layers of tfjs-layers know by its name, as they know 'relu'.
 *
 * Models are saved with the name, so it is to be registered before they are loaded; parameters are not saved, so they
 * belong in the name. Registered again, a name stands for the new function in the layers made from then on.
 *
 * @param name in camel case, which is how tfjs-layers reads it back from a saved model.
 * @returns the name, of a type that layers take.
 * @throws RangeError if the name is not in camel case, or is that of something else.
 *
 * @example
 * const activation = registerActivation('betaGelu20', betaGelu(20));
 * tf.layers.dense({ units: 64, activation });
 */
export function registerActivation(name: string, activation: Elementwise): 'relu' {
  if (!/^[a-z][a-z0-9]*([A-Z][a-z0-9]+)*$/.test(name)) {
    throw new RangeError(`registerActivation: name must be in camel case, such as 'betaGelu20', got '${name}'`);
  }
  const [taken] = serialization.SerializationMap.getMap().classNameMap[name] ?? [];
  if (taken && !(taken.prototype instanceof Registered)) {
    throw new RangeError(`registerActivation: name '${name}' is taken in tfjs; use another`);
  }
  serialization.registerClass(
    class extends Registered {
      static override readonly className = name;
      apply(x: Tensor): Tensor {
        return activation(x);
      }
    },
  );
  // Layers take the names of a list; this one is as good.
  return name as 'relu';
}

/** What tfjs-layers expects of an activation. */
abstract class Registered extends serialization.Serializable {
  static readonly className: string = 'registeredActivation';
  abstract apply(x: Tensor): Tensor;
  getConfig(): serialization.ConfigDict {
    return {};
  }
}
