import type { Schedule } from './watching.js';

/**
 * Due when every one of the schedules is. Each is asked at each step, since some keep account of it.
 *
 * @throws TypeError if there is none.
 *
 * @example
 * [topEigenvalue(), all(every(10), budget(0.05))]
 */
export function all(...schedules: readonly Schedule[]): Schedule {
  if (schedules.length === 0) throw new TypeError('all: must be given at least one schedule, got none');
  const charged = schedules.some(({ spent }) => spent);
  return {
    due: (step, now) => schedules.map((schedule) => schedule.due(step, now)).every(Boolean),
    ...(charged && { spent: (ms) => schedules.forEach((schedule) => schedule.spent?.(ms)) }),
  };
}
