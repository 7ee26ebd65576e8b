import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';

type Weight = ReturnType<layers.Layer['addWeight']>;
type Shape = (number | null)[];

/** Attention written by hand, `[batch, positions, channels]` in, `[batch, positions, units]` out: softmax(q kᵀ / √units) v, one head. */
class SelfAttention extends layers.Layer {
  static className = 'SelfAttention';
  private maps: Weight[] = [];

  constructor(private readonly units: number) {
    super({});
  }

  override build(shape: Shape): void {
    const initializer = initializers.glorotNormal({ seed: 1 });
    this.maps = ['query', 'key', 'value'].map((name) =>
      this.addWeight(name, [shape.at(-1)!, this.units], 'float32', initializer),
    );
    this.built = true;
  }

  override computeOutputShape(shape: Shape): Shape {
    return [...shape.slice(0, -1), this.units];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = [inputs].flat()[0]!;
      const [batch, positions, channels] = x.shape as [number, number, number];
      const rows = tf.reshape(x, [batch * positions, channels]);
      const [q, k, v] = this.maps.map((map) =>
        tf.reshape(tf.matMul(rows, map.read() as tf.Tensor2D), [batch, positions, this.units]),
      );
      return tf.matMul(tf.softmax(tf.div(tf.matMul(q!, k!, false, true), Math.sqrt(this.units))), v!);
    });
  }
}

export const selfAttention = ({ units, name }: { units: number; name?: string }): layers.Layer => {
  const layer = new SelfAttention(units);
  if (name) layer.name = name;
  return layer;
};
