import type { Event, Points, Run, Series } from '../../proto/codec.js';

/** Characters of an id, of all that names a series, and of what is said of a run or a failure. */
const MAX_ID = 128;
const MAX_SERIES = 1024;
const MAX_SENTENCE = 4096;

/**
 * A run as a trainer elsewhere tells of it. Its clock is not that of the hub: a run that would begin later than now, or at
 * no time, begins now, for the page shows the run that began last.
 *
 * @throws RangeError if the id is too long.
 */
export function runFromElsewhere({ id, name, started }: Run): Run {
  if (id.length > MAX_ID) throw new RangeError(`the id of a run has at most ${MAX_ID} characters, got ${id.length}`);
  return { id, name: name.slice(0, MAX_SENTENCE), started: pastOrNow(started), ended: 0 };
}

/** A time in the past, for at 0 a run would go on. */
export const pastOrNow = (time: number): number => (time > 0 && time <= Date.now() ? time : Date.now());

/** A failure with no more to say than a page can show. */
export const failureFromElsewhere = (failure: Event): Event => ({
  ...failure,
  source: failure.source.slice(0, MAX_SERIES),
  message: failure.message.slice(0, MAX_SENTENCE),
});

/** Whether a series is named as briefly as series are: what names it is kept, and sent to every viewer. */
export function isBrief({ name, unit, attributes }: Series): boolean {
  const texts = [name, unit, ...Object.entries(attributes).flat()];
  return texts.reduce((sum, text) => sum + text.length, 0) <= MAX_SERIES;
}

/** @throws RangeError if a scatter lacks coordinates. */
export function requirePairs({ x, y }: Points): void {
  if (x.length !== y.length) throw new RangeError(`points need as many y as x, got ${x.length} x and ${y.length} y`);
}
