import type { GradientFn, Json } from './objective.js';

/** What one intervention keeps between steps, under its name; `null` if nothing. */
export type PartState = { readonly name: string; readonly state: Json };

export const statesOf = (parts: readonly GradientFn[]): PartState[] =>
  parts.map((part) => ({ name: part.name, state: part.state?.() ?? null }));

/** @throws Error if `saved` is not of these parts in this order. */
export function restoreParts(parts: readonly GradientFn[], saved: readonly PartState[]): void {
  const [theirs, ours] = [saved, parts].map((list) => list.map(({ name }) => name).join(', '));
  if (theirs !== ours) {
    throw new Error(
      `instrument: the state is of the interventions [${theirs}], this run has [${ours}]; pass the same, in that order`,
    );
  }
  parts.forEach((part, i) => {
    const { state } = saved[i]!;
    if (state !== null) part.restore?.(state);
  });
}
