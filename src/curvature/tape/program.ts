import { clone, type NamedTensorMap, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { TapeEngine } from './tape.js';

/** A value of a program: what one of its steps makes or an argument, by its place, or a tensor that is always the same. */
export type Source = number | Tensor;

/** A kernel on values of a program. The inputs are a list where the kernel takes a list. */
export interface Step {
  readonly kernelName: string;
  readonly inputs: readonly Source[] | Readonly<Record<string, Source | null | undefined>>;
  readonly attrs: object | undefined;
  /** The places of its results. */
  readonly outputs: readonly number[];
}

/** A function of tensors as kernels, one after the other. */
export interface Program {
  /** The shape of each value, by its place; the arguments come first. */
  readonly shapes: readonly (readonly number[])[];
  readonly steps: readonly Step[];
  readonly results: readonly Source[];
}

/** The places that a step reads. */
export const placesOf = (inputs: Step['inputs']): number[] =>
  Object.values(inputs).filter((source): source is number => typeof source === 'number');

/** A program as a function, which frees each value behind the last step that reads it. The caller owns the results. */
export function running(engine: TapeEngine, program: Program): (xs: readonly Tensor[]) => Tensor[] {
  const { steps, results } = program;
  const dying = lastReadIn(program);
  return (xs) =>
    tidy(() => {
      const values: (Tensor | undefined)[] = [...xs];
      const valueAt = (source: Source): Tensor => (typeof source === 'number' ? values[source]! : source);
      for (const [i, { kernelName, inputs, attrs, outputs }] of steps.entries()) {
        const made = engine.runKernel(kernelName, bound(inputs, valueAt), attrs);
        outputs.forEach((place, j) => {
          values[place] = Array.isArray(made) ? made[j] : made;
        });
        for (const place of dying[i]!) values[place]!.dispose();
      }
      const given = new Set(xs);
      return results.map((source) => {
        const result = valueAt(source);
        if (typeof source !== 'number' || given.has(result)) return clone(result);
        given.add(result);
        return result;
      });
    });
}

function bound(inputs: Step['inputs'], valueAt: (source: Source) => Tensor): NamedTensorMap {
  if (Array.isArray(inputs)) return inputs.map(valueAt) as unknown as NamedTensorMap;
  const named: Record<string, Tensor | null | undefined> = {};
  for (const [name, source] of Object.entries(inputs)) named[name] = source == null ? source : valueAt(source);
  return named as NamedTensorMap;
}

/** For each step what it is the last to read, or makes for nothing. Arguments and results stay. */
function lastReadIn({ steps, results }: Program): readonly (readonly number[])[] {
  const made = new Set(steps.flatMap(({ outputs }) => outputs));
  const later = new Set<Source>(results);
  return steps
    .toReversed()
    .map(({ inputs, outputs }) => {
      const dying = [...new Set([...placesOf(inputs), ...outputs])].filter((p) => made.has(p) && !later.has(p));
      for (const place of dying) later.add(place);
      return dying;
    })
    .toReversed();
}
