import { refuseUnless } from '../core/refuseUnless.js';
import type { AlertRule, Severity } from '../core/watching.js';
import { alertRule } from './alertRule.js';

/** What {@link above} and {@link below} take. */
export interface ThresholdOptions {
  /** Where it is well again. Default: the limit itself; set apart, it keeps a value at the limit from raising and clearing. */
  readonly clear?: number;
  /** So many values in a row raise the alert, or clear it. Default 1. */
  readonly times?: number;
  /** Default `'warning'`. */
  readonly severity?: Severity;
  /** Default: the rule in words. */
  readonly id?: string;
}

/**
 * Raised while the values named `name` are above `limit`, cleared once they are at `clear` or below.
 *
 * @throws RangeError if limit is NaN, or clear is NaN or above it.
 *
 * @example
 * instrument(model, { alerts: [above('hessian.top_eigenvalue', 50, { clear: 40, times: 3 })] });
 */
export function above(name: string, limit: number, options: ThresholdOptions = {}): AlertRule {
  return threshold('above', name, limit, options);
}

/**
 * Raised while the values named `name` are below `limit`, cleared once they are at `clear` or above.
 *
 * @throws RangeError if limit is NaN, or clear is NaN or below it.
 *
 * @example
 * instrument(model, { alerts: [below('features.effective_rank', 4)] });
 */
export function below(name: string, limit: number, options: ThresholdOptions = {}): AlertRule {
  return threshold('below', name, limit, options);
}

function threshold(side: 'above' | 'below', name: string, limit: number, options: ThresholdOptions): AlertRule {
  const { clear = limit, id = `${name} ${side} ${limit}`, ...rest } = options;
  const [sign, order] = side === 'above' ? [1, '<='] : [-1, '>='];
  refuseUnless(sign * clear <= sign * limit, `${side}: clear`, `a number ${order} the limit ${limit}`, clear);
  const judge = () => (value: number) => beyond(sign * value > sign * limit, sign * value <= sign * clear);
  return alertRule({ ...rest, id, of: name, judge });
}

/** Neither between the two limits, nor for a value that is not a number. */
const beyond = (wrong: boolean, well: boolean): boolean | undefined => (wrong ? true : well ? false : undefined);
