import type { Gradient } from '../../src/core/objective.js';
import { numbers } from '../conformance/objectiveOf.js';

/** A number that an intervention reports of itself. */
export function reported({ report }: Gradient, name: string): number {
  const value = report![name]!();
  return typeof value === 'number' ? value : numbers(value)[0]!;
}
