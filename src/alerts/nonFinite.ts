import type { AlertRule } from '../core/watching.js';
import { alertRule } from './alertRule.js';

/**
 * Raised for each series whose value is NaN or infinite, of one name or of all; cleared by the next finite value. Critical.
 *
 * @example
 * instrument(model, { alerts: [nonFinite()] });
 */
export function nonFinite(name?: string): AlertRule {
  return alertRule({
    id: name ? `${name} not finite` : 'not finite',
    severity: 'critical',
    ...(name && { of: name }),
    judge: () => (value) => !Number.isFinite(value),
  });
}
