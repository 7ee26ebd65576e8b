import type { GradConfig, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';

/** What a kernel of one output gives back: by the names of its inputs, from dy and what was saved. */
export type Pullback = (dy: Tensor, saved: Tensor[], attrs: NamedAttrMap) => Record<string, () => Tensor>;

/** The derivative of a kernel as tfjs registers it; of its output too is saved where `savesOutput`, behind the inputs. */
export const derivative = (
  kernelName: string,
  inputsToSave: string[],
  gradFunc: Pullback,
  savesOutput = false,
): GradConfig => ({
  kernelName,
  inputsToSave,
  outputsToSave: [savesOutput],
  gradFunc: gradFunc as GradConfig['gradFunc'],
});
