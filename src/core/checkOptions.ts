import { describe, isObject } from './describe.js';
import type { RunOptions } from './run.js';
import type { Probe, Schedule, Sink } from './watching.js';

/**
 * Refuses at once what would fail at some step, or be passed over in silence: the wrong thing in a list.
 *
 * @throws TypeError that says which option, what it must be, and what it was.
 */
export function checkOptions(options: RunOptions): void {
  if (!isObject(options)) throw new TypeError(`instrument: options must be an object, got ${options}`);
  const { interventions = [], metrics = [], sinks = [], reports } = options;
  check('interventions', interventions, 'a function, such as sam() gives', (item) => typeof item === 'function');
  check('metrics', metrics, 'a pair [probe, schedule], such as [gradientNorm(), every(10)]', isMetric);
  check('sinks', sinks, 'an object with name and write, such as memory() gives', isSink);
  if (reports !== undefined && !isSchedule(reports)) {
    throw new TypeError(`reports must be a schedule, such as every(10), got ${describe(reports)}`);
  }
}

function check(option: string, items: readonly unknown[], wanted: string, fits: (item: unknown) => boolean): void {
  if (!Array.isArray(items)) throw new TypeError(`${option} must be a list, got ${describe(items)}`);
  items.forEach((item, i) => {
    if (!fits(item)) throw new TypeError(`${option}[${i}] must be ${wanted}, got ${describe(item)}`);
  });
}

const isMetric = (metric: unknown): boolean => Array.isArray(metric) && isProbe(metric[0]) && isSchedule(metric[1]);

const isProbe = (value: Partial<Probe>): boolean =>
  typeof value?.measure === 'function' && Array.isArray(value.measures);

const isSchedule = (value: Partial<Schedule>): boolean => typeof value?.due === 'function';

const isSink = (value: unknown): boolean =>
  isObject(value) && typeof (value as Partial<Sink>).write === 'function' && 'name' in value;
