// A layer of a user's own, as `--import` takes it.
import { mul, serialization } from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';

/** Multiplies its input by a weight. */
export class Scale extends layers.Layer {
  static className = 'Scale';

  build() {
    this.factor = this.addWeight('factor', [1], 'float32', initializers.ones());
    super.build();
  }

  call(inputs) {
    return mul([inputs].flat()[0], this.factor.read());
  }
}

serialization.registerClass(Scale);
