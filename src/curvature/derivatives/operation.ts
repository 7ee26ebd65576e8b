import { engine, type GradSaveFunc, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';

/** A function of tensors with a derivative of its own. */
export interface Operation {
  readonly inputs: NamedTensorMap;
  readonly forwardFunc: (backend: unknown, save: GradSaveFunc) => Tensor;
  readonly backwardsFunc: (d: Tensor, saved: Tensor[]) => Record<string, () => Tensor>;
}

/** As `tf.customGrad`, but for derivatives that are computed where they are asked for only. */
export const operation = (call: Operation): Tensor =>
  (engine() as unknown as { runKernelFunc(call: Operation): Tensor }).runKernelFunc(call);

/** Whether what is computed now may be differentiated. */
export const recording = (): boolean => (engine() as unknown as { isTapeOn(): boolean }).isTapeOn();
