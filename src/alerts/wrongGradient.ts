import { filter, map } from 'rxjs';
import type { Alert, AlertRule, Measurement } from '../core/watching.js';
import { alertRule } from './alertRule.js';

/**
 * Raised if a run finds the first gradient wrong, as some of tfjs are on some backends: training itself is wrong then,
 * watched or not. It names the kernel where that is known, and says what helps; the check by differences, which names
 * none, is silent where a kernel was named. Critical, never cleared. Every instrumented loop has this rule.
 */
export function wrongGradient(): AlertRule {
  const rule = alertRule({
    id: 'wrong gradient',
    severity: 'critical',
    of: 'gradient.self_check',
    judge: () => (_, check) => check.attributes.verdict === 'wrong' || undefined,
  });
  const silent: AlertRule = (measurements) => {
    let named = false;
    return measurements.pipe(
      rule,
      filter(({ measurement }) => {
        const names = measurement.attributes.kernel !== undefined;
        named ||= names;
        return names || !named;
      }),
      map((alert): Alert => ({ ...alert, message: `${alert.message}; ${remedy(alert.measurement)}` })),
    );
  };
  return Object.assign(silent, { id: rule.id! });
}

/** Kernels that `repairWasm` mends. */
const mendedOnWasm: ReadonlySet<unknown> = new Set(['AvgPool', 'AvgPool3D', 'Conv3D']);

function remedy({ attributes: { kernel, backend } }: Measurement): string {
  if (kernel === undefined) {
    return 'repairGradients() of sharpstream/curvature mends those of TensorFlow.js, a custom gradient is yours to mend';
  }
  const mend =
    backend === 'wasm' && mendedOnWasm.has(kernel)
      ? 'repairWasm() of sharpstream/node'
      : 'repairGradients() of sharpstream/curvature';
  return `TensorFlow.js has a wrong gradient of ${kernel} on ${backend}: call ${mend} before training`;
}
