import type { Observable } from 'rxjs';
import type { GradientFn } from './objective.js';

/** What a loop must offer beyond its loss and parameters. */
export interface Needs {
  readonly outputs?: boolean;
  readonly batch?: boolean;
  /** Names of layers; `true` for whichever there are. */
  readonly features?: readonly string[] | true;
  /** Names of layers whose activations are looked at or replaced; `true` for whichever there are. */
  readonly activations?: readonly string[] | true;
}

/** Changes training: wraps the gradient of the step. First in a list is outermost. State is born per run, in `next =>`. */
export interface Intervention {
  (next: GradientFn): GradientFn;
  readonly needs?: Needs;
}

/** A coefficient: constant, a function of the step, or a stream of values (0 before the first). 0 turns its intervention off. */
export type Strength = number | ((step: number) => number) | Observable<number>;
