import type { Schedule } from './watching.js';

/**
 * Due when every one of the schedules is. Each is asked at each step, since some keep account of it.
 *
 * @throws TypeError if there is none; RangeError if they are never due together, as far as a million steps tell.
 *
 * @example
 * [topEigenvalue(), all(every(10), budget(0.05))]
 */
export function all(...schedules: readonly Schedule[]): Schedule {
  if (schedules.length === 0) throw new TypeError('all: must be given at least one schedule, got none');
  const first = firstTogether(schedules);
  const charged = schedules.some(({ spent }) => spent);
  return {
    due: (step, now) => schedules.map((schedule) => schedule.due(step, now)).every(Boolean),
    first,
    ...(charged && { spent: (ms) => schedules.forEach((schedule) => schedule.spent?.(ms)) }),
  };
}

const HORIZON = 1_000_000;

/**
 * Asks only schedules that depend on the step alone: others may not be asked ahead of time, and can be due at any.
 *
 * @throws RangeError if there is no such step.
 */
function firstTogether(schedules: readonly Schedule[]): number | undefined {
  const firsts = schedules.map(({ first }) => first);
  if (firsts.includes(undefined)) return undefined;
  const from = Math.max(...(firsts as number[]));
  for (let step = from; step < from + HORIZON; step++) {
    if (schedules.every((schedule) => schedule.due(step))) return step;
  }
  throw new RangeError(
    `all: the schedules must be due together, and are not at any of the ${HORIZON} steps from ${from} on`,
  );
}
