import type { Intervention, Needs, Strength } from '../core/intervention.js';
import { named } from '../core/named.js';
import type { Gradient, GradientFn, Objective } from '../core/objective.js';
import { strength } from '../core/strength.js';

/** What an intervention of a strength says of itself. */
export interface StrengthTerms {
  /** Names it in states. Default: as in errors. */
  readonly name?: string;
  /** The largest strength. Default: any that is finite. */
  readonly most?: number;
  readonly needs?: Needs;
}

/**
 * An intervention that its strength turns on: at 0 it is the identity, exactly. Else the gradient is what `acting` makes of
 * the objective at that strength. It is called once a run, and holds what lasts as long.
 *
 * @throws RangeError, naming `who` and the option, if the strength is negative, above `most` or not finite; TypeError if it
 *   is no strength at all.
 */
export function ofStrength(
  who: string,
  option: string,
  value: Strength,
  acting: (next: GradientFn) => (objective: Objective, strength: number) => Gradient,
  { name = who, most, needs }: StrengthTerms = {},
): Intervention {
  const opened = strength(`${who}: ${option}`, value, most);
  const intervention: Intervention = (next) => {
    const [at, act] = [opened(), acting(next)];
    const turned = (objective: Objective): Gradient => {
      const now = at(objective.step);
      return now === 0 ? next(objective) : act(objective, now);
    };
    return named(name, Object.assign(turned, { dispose: at.dispose }));
  };
  return Object.assign(intervention, needs && { needs });
}
