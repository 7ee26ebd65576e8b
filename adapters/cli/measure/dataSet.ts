import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Batch } from '../../../src/core/objective.js';
import { innerModel } from '../../tfjs/layersModel.js';
import { float32 } from './float32.js';
import type { NamedLoss } from './lossFunctions.js';
import type { NpyArray } from './npy.js';

type Arrays = ReadonlyMap<string, NpyArray>;

/**
 * The data set in the arrays `x` and `y` of an .npz; `x_0`, `x_1` and `y_0`, `y_1` where a model has several inputs or outputs.
 * Numbers become float32.
 *
 * @param path of the .npz, for the errors.
 * @throws Error if an array is missing, has no rows, not as many as the others, a shape that does not suit the model, or a
 *   value that is not finite or that float32 cannot hold.
 */
export function dataSet(path: string, arrays: Arrays, model: LayersModel, losses: readonly NamedLoss[]): Batch {
  const { inputs, outputs } = innerModel('measure', model);
  const who = `--data ${path}`;
  const xs = named(who, arrays, 'x', inputs.length, 'input');
  const ys = named(who, arrays, 'y', outputs.length, 'output');
  checkExamples(who, [...xs, ...ys]);
  const x = xs.map(({ name, array }, i) => input(`${who}: ${name}`, array, inputs[i]!.shape));
  const y = ys.map(({ name, array }, i) => target(`${who}: ${name}`, array, outputs[i]!.shape, losses[i]!.name));
  return { x: x.length === 1 ? x[0]! : x, y: y.length === 1 ? y[0]! : y };
}

interface Named {
  readonly name: string;
  readonly array: NpyArray;
}

function named(who: string, arrays: Arrays, letter: string, count: number, what: string): readonly Named[] {
  const numbered = Array.from({ length: count }, (_, i) => `${letter}_${i}`);
  const names = count === 1 && (arrays.has(letter) || !arrays.has(numbered[0]!)) ? [letter] : numbered;
  return names.map((name) => {
    const array = arrays.get(name);
    if (array) return { name, array };
    const there = [...arrays.keys()].join(', ') || 'no array';
    const wanted = count === 1 ? letter : `${numbered.join(', ')}, one for each ${what} of the model`;
    throw new Error(`${who} holds ${there}; it must hold ${wanted}`);
  });
}

function checkExamples(who: string, arrays: readonly Named[]): void {
  const [
    {
      name: first,
      array: {
        shape: [rows],
      },
    },
  ] = arrays as [Named];
  for (const {
    name,
    array: {
      shape: [here],
    },
  } of arrays) {
    if (here === undefined) throw new Error(`${who}: ${name} is a single number; its first axis must be the examples`);
    if (here === 0) throw new Error(`${who}: ${name} holds no examples; there must be at least one`);
    if (here !== rows) {
      throw new Error(`${who}: x and y must hold equally many examples, got ${rows} in ${first}, ${here} in ${name}`);
    }
  }
}

type Shape = readonly (number | null)[];

/** The shape as the model takes it, where it does: a missing last axis of 1 is made up for. */
function fitting(shape: readonly number[], wanted: Shape): readonly number[] | undefined {
  const whole = shape.length === wanted.length - 1 && wanted.at(-1) === 1 ? [...shape, 1] : shape;
  const fits =
    whole.length === wanted.length && whole.every((size, i) => i === 0 || wanted[i] === null || wanted[i] === size);
  return fits ? whole : undefined;
}

function input(who: string, array: NpyArray, wanted: Shape): Tensor {
  const shape = fitting(array.shape, wanted);
  if (shape) return float32(who, array, shape);
  throw new Error(`${who} has the shape ${written(array.shape)}, but the model takes ${written(wanted)}`);
}

function target(who: string, array: NpyArray, output: Shape, loss: string): Tensor {
  const classes = output.at(-1);
  const labels = [...output.slice(0, -1), 1];
  const sparse = loss === 'sparseCategoricalCrossentropy';
  const shape = fitting(array.shape, sparse ? labels : output);
  if (shape) {
    if (sparse && classes) refuseNoClass(who, array.values, classes);
    return float32(who, array, shape);
  }
  const got = `${who} has the shape ${written(array.shape)}`;
  if (!sparse && fitting(array.shape, labels)) {
    throw new Error(
      `${got}, but ${loss} takes ${written(output)}; if it holds the numbers of classes, use --loss sparseCategoricalCrossentropy`,
    );
  }
  throw new Error(`${got}, but ${loss} takes ${written(sparse ? labels : output)}`);
}

function refuseNoClass(who: string, values: ArrayLike<number>, classes: number): void {
  const bad = Array.from(values).find((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (bad === undefined) return;
  throw new Error(`${who} must hold numbers of classes from 0 to ${classes - 1}, got ${bad}`);
}

const written = (shape: Shape): string => `[${shape.map((size) => size ?? 'batch').join(', ')}]`;
