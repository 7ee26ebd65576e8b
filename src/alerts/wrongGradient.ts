import type { AlertRule } from '../core/watching.js';
import { alertRule } from './alertRule.js';

/**
 * Raised if the self-check of a run finds the first gradient wrong, as some of tfjs are on some backends: training itself
 * is wrong then, watched or not. Critical, never cleared. Every instrumented loop has this rule.
 */
export function wrongGradient(): AlertRule {
  return alertRule({
    id: 'wrong gradient',
    severity: 'critical',
    of: 'gradient.self_check',
    judge: () => (_, check) => check.attributes.verdict === 'wrong' || undefined,
  });
}
