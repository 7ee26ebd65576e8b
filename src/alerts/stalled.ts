import { checkNonNegative, checkWhole } from '../core/checkNumber.js';
import type { AlertRule, Severity } from '../core/watching.js';
import { alertRule, type Judge } from './alertRule.js';

/** What {@link stalled} takes. */
export interface StalledOptions {
  /** Steps without progress that raise the alert. Default 500. */
  readonly within?: number;
  /** A new best beats the old one by more than this share of its size. Default 0.01. */
  readonly by?: number;
  /** Whether better is higher, as for an accuracy. Default false. */
  readonly rising?: boolean;
  /** Default `'warning'`. */
  readonly severity?: Severity;
}

/**
 * No progress: raised once the best of the values named `name` has stood for `within` steps, cleared by a better one.
 *
 * The best of a noisy series is a lucky one, and progress in its mean may stay unseen: take a loss on fixed data or of an
 * epoch, or a `by` of the size of the noise. Values that are not finite are passed over.
 *
 * @throws RangeError if within is not a whole number >= 1, or by is negative or not a number.
 *
 * @example
 * instrument(model, { alerts: [stalled('validation.loss', { within: 2000 })] });
 */
export function stalled(name: string, options: StalledOptions = {}): AlertRule {
  const { within = 500, by = 0.01, rising = false, severity = 'warning' } = options;
  checkWhole('stalled: within', within);
  checkNonNegative('stalled: by', by);
  const judge = () => progress(within, by, rising ? 1 : -1);
  return alertRule({ id: `${name} stalled`, severity, of: name, judge });
}

/** `sign` of what is better than before. */
function progress(within: number, by: number, sign: 1 | -1): Judge {
  let best: { readonly value: number; readonly step: number } | undefined;
  return (value, { step }) => {
    if (!Number.isFinite(value)) return undefined;
    if (!best || sign * (value - best.value) > by * Math.abs(best.value)) {
      best = { value, step };
      return false;
    }
    return step - best.step >= within ? true : undefined;
  };
}
