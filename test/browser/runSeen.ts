import type { Attributes } from 'sharpstream';
import type { Frame, Run, Series } from '../../proto/codec.js';

/** A run as a viewer of the hub knows it. */
export interface RunSeen {
  readonly ended: number;
  /** Its series by name, unit and attributes, and the steps that each has; in alphabetical order. */
  readonly catalogue: readonly string[];
  /** The numbers of a series by step. */
  values(name: string, attributes?: Attributes): ReadonlyMap<number, number>;
}

/** Finds a run by its name in what a viewer got. */
export function runSeen(frames: readonly Frame[], name: string): RunSeen | undefined {
  const run = newest(frames.flatMap(runsOf).filter((one) => one.name === name));
  if (!run) return undefined;
  const batches = frames.filter((frame) => frame.kind === 'batch');
  const series = batches.flatMap((batch) => batch.series).filter((one) => one.run === run.id);
  const valuesOf = ({ id }: Series): Map<number, number> =>
    new Map(
      batches.flatMap(({ ids, steps, values }) =>
        [...ids].flatMap((of, i) => (of === id ? [[steps[i]!, values[i]!] as const] : [])),
      ),
    );
  return {
    ended: run.ended,
    catalogue: series.map((one) => JSON.stringify([one, [...valuesOf(one).keys()]], withoutNumbers)).sort(),
    values(name, attributes = {}) {
      const found = series.find((one) => one.name === name && asText(one.attributes) === asText(attributes));
      return found ? valuesOf(found) : new Map();
    },
  };
}

/** On the wire attributes are text, in any order. */
const asText = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map((pair) => pair.join('='))
    .sort()
    .join();

/** Ids are the hub's own business. */
const withoutNumbers = (key: string, value: unknown): unknown => (key === 'id' || key === 'run' ? undefined : value);

const newest = (runs: readonly Run[]): Run | undefined => runs.at(-1);

function runsOf(frame: Frame): readonly Run[] {
  if (frame.kind === 'hello') return frame.runs;
  return frame.kind === 'event' && frame.what !== 'failure' ? [frame.run] : [];
}
