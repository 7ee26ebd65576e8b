import type { Objective } from './objective.js';

/** An objective that has parts which a loop may leave out. */
export type Having<Part extends keyof Objective> = Objective & {
  readonly [P in Part]-?: NonNullable<Objective[P]>;
};

/** @throws TypeError, in the name of `who`, if the objective lacks one of the parts. */
export function required<Part extends keyof Objective>(
  who: string,
  objective: Objective,
  ...parts: readonly Part[]
): Having<Part> {
  if (parts.every((part) => objective[part])) return objective as Having<Part>;
  const them = parts.length > 1 ? 'them' : 'it';
  throw new TypeError(`${who}: the objective must have ${parts.join(' and ')}; give ${them} to minimize`);
}
