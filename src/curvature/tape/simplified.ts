import { Identity, Reshape } from '@tensorflow/tfjs-core';
import { type Program, placesOf, type Source, type Step } from './program.js';

/** Kernels that spread the input of fewer dimensions over the other. */
const SPREADING = ['Add', 'Sub', 'Multiply', 'RealDiv'];

/**
 * The same program without kernels that hand on what they are given: clones, and reshapes to the shape that is there, on the
 * way to another, or to one that begins with dimensions of 1, for a kernel that spreads.
 */
export function simplified({ shapes, steps, results }: Program): Program {
  const same = new Map<number, Source>();
  const reshaped = new Map<number, Source>();
  const origin = (source: Source): Source => (typeof source === 'number' ? (same.get(source) ?? source) : source);
  const unspread = (source: Source, other: Source): Source => {
    const x = reshaped.get(source as number) ?? source;
    const [own, full] = [shapeOf(shapes, x), shapeOf(shapes, source)];
    const ahead = full.length - own.length;
    const isSame = ahead > 0 && full.every((n, i) => n === (i < ahead ? 1 : own[i - ahead]));
    return isSame && shapeOf(shapes, other).length >= full.length ? x : source;
  };
  const onward = steps.flatMap((step): Step[] => {
    const { kernelName, outputs } = step;
    const inputs = mapped(step.inputs, origin);
    if (SPREADING.includes(kernelName)) {
      const { a, b } = inputs as Readonly<Record<'a' | 'b', Source>>;
      const first = unspread(a, b);
      return [{ ...step, inputs: { a: first, b: unspread(b, first) } }];
    }
    if (kernelName !== Identity && kernelName !== Reshape) return [{ ...step, inputs }];
    const x = (inputs as { readonly x: Source }).x;
    const [y] = outputs as [number];
    const beginning = kernelName === Reshape ? (reshaped.get(x as number) ?? x) : x;
    if (isShaped(shapes, beginning, shapes[y]!)) {
      same.set(y, beginning);
      return [];
    }
    reshaped.set(y, beginning);
    return [{ ...step, inputs: { x: beginning } }];
  });
  return { shapes, steps: used(onward, results.map(origin)), results: results.map(origin) };
}

const shapeOf = (shapes: Program['shapes'], source: Source): readonly number[] =>
  typeof source === 'number' ? shapes[source]! : source.shape;

const isShaped = (shapes: Program['shapes'], source: Source, shape: readonly number[]): boolean =>
  shapeOf(shapes, source).join() === shape.join();

function mapped(inputs: Step['inputs'], to: (source: Source) => Source): Step['inputs'] {
  if (Array.isArray(inputs)) return inputs.map(to);
  return Object.fromEntries(Object.entries(inputs).map(([name, s]) => [name, s == null ? s : to(s)]));
}

/** The steps without which the results would not be what they are. */
function used(steps: readonly Step[], results: readonly Source[]): Step[] {
  const wanted = new Set<Source>(results);
  const found = steps.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some((place) => wanted.has(place))) return false;
    for (const place of placesOf(inputs)) wanted.add(place);
    return true;
  });
  return found.reverse();
}
