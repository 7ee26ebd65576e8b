import type { Series } from '../../proto/codec.js';
import type { Attributes, Measurement } from '../../src/core/watching.js';

/** The series of one run, numbered as they turn up. */
export interface Catalogue {
  /** The number of the series that a measurement belongs to; undefined if there are too many. */
  idOf(measurement: Pick<Measurement, 'name' | 'unit' | 'attributes'>): number | undefined;
}

/** A step among the attributes would make a series a step. */
const SERIES_OF_A_RUN = 2048;

/**
 * A series is a name with attributes, in whatever order they are given.
 *
 * @param nextId gives a number that no series of any run has
 * @param introduce is told of each new series before its number is used
 */
export function catalogue(run: string, nextId: () => number, introduce: (series: Series) => void): Catalogue {
  const ids = new Map<string, number>();
  return {
    idOf({ name, unit, attributes }) {
      const key = keyOf(name, attributes);
      const known = ids.get(key);
      if (known !== undefined) return known;
      if (ids.size >= SERIES_OF_A_RUN) return undefined;
      const id = nextId();
      ids.set(key, id);
      introduce({ id, run, name, unit, attributes: asText(attributes) });
      return id;
    },
  };
}

/** NUL stands in no sensible name, so keys do not collide. */
function keyOf(name: string, attributes: Attributes): string {
  const keys = Object.keys(attributes);
  if (keys.length > 1) keys.sort();
  let key = name;
  for (const k of keys) key += `\0${k}\0${attributes[k]}`;
  return key;
}

const asText = (attributes: Attributes): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)]));
