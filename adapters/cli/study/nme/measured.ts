import { measureOnce } from '../../../../src/core/measureOnce.js';
import type { Objective } from '../../../../src/core/objective.js';
import type { Probe } from '../../../../src/core/watching.js';

/**
 * What probes say of an objective, by metric name: the mean over layers where there are several.
 *
 * @throws Error that a probe throws.
 */
export function measured(objective: Objective, probes: readonly Probe[]): Readonly<Record<string, number>> {
  const { measurements, failures } = measureOnce(objective, probes, { now: () => performance.now() });
  if (failures.length > 0) throw failures[0]!.error;
  const byName = new Map<string, number[]>();
  for (const { name, value } of measurements) {
    if (typeof value === 'number') byName.set(name, [...(byName.get(name) ?? []), value]);
  }
  return Object.fromEntries([...byName].map(([name, all]) => [name, all.reduce((a, b) => a + b) / all.length]));
}
