import { filter, map, type OperatorFunction } from 'rxjs';
import { checkWhole } from '../core/checkNumber.js';
import type { Alert, AlertRule, Measurement, Severity } from '../core/watching.js';

/** Says of the next value of a series: true, it is wrong; false, it is well; undefined, it is neither. */
export type Judge = (value: number, measurement: Measurement) => boolean | undefined;

/** What {@link alertRule} takes. */
export interface AlertRuleOptions {
  /** Names the rule, in alerts and in failures. */
  readonly id: string;
  /** Default `'warning'`. */
  readonly severity?: Severity;
  /** The name of the measurements to watch. Default: all. */
  readonly of?: string;
  /** So many verdicts in a row raise the alert, or clear it. Default 1. */
  readonly times?: number;
  /** Makes the judge of one series. Its state lives in this call. */
  readonly judge: () => Judge;
}

/**
 * A rule from a judge: it follows each series by itself, a name with its attributes, and says when one begins to be wrong
 * and when it is well again. What is neither raises and clears nothing, and breaks the row: the gap between two limits is
 * the hysteresis. Point sets are left out.
 *
 * @throws RangeError if times is not a whole number >= 1; TypeError if id is empty.
 *
 * @example
 * alertRule({ id: 'slow step', of: 'step.duration', times: 3, judge: () => (ms) => ms > 200 });
 */
export function alertRule({ id, severity = 'warning', of, times = 1, judge }: AlertRuleOptions): AlertRule {
  if (!id) throw new TypeError('alertRule: id must be a name, got an empty one');
  checkWhole(`${id}: times`, times);
  const rule: OperatorFunction<Measurement, Alert> = (measurements) => {
    const series = new Map<string, (measurement: Measurement) => Alert['state'] | undefined>();
    const follow = (measurement: Measurement): Alert | undefined => {
      const key = seriesOf(measurement);
      const turn = series.get(key) ?? turns(judge(), times);
      series.set(key, turn);
      const state = turn(measurement);
      return state && { id, severity, state, message: inWords(id, state, measurement), measurement };
    };
    return measurements.pipe(
      filter(({ name, value }) => (of === undefined || name === of) && typeof value === 'number'),
      map(follow),
      filter((alert) => alert !== undefined),
    );
  };
  return Object.assign(rule, { id });
}

/** When the verdicts on one series turn: `times` in a row against what holds. */
function turns(judge: Judge, times: number): (measurement: Measurement) => Alert['state'] | undefined {
  let raised = false;
  let inRow = 0;
  return (measurement) => {
    const wrong = judge(measurement.value as number, measurement);
    inRow = wrong === !raised ? inRow + 1 : 0;
    if (inRow < times) return undefined;
    raised = !raised;
    inRow = 0;
    return raised ? 'raised' : 'cleared';
  };
}

const seriesOf = ({ name, attributes }: Measurement): string => `${name} ${JSON.stringify(attributes)}`;

function inWords(id: string, state: Alert['state'], { name, value, step }: Measurement): string {
  const number = Number((value as number).toPrecision(4));
  return `${id}${state === 'cleared' ? ' no longer' : ''}: ${name} is ${number} at step ${step}`;
}
