import { derivatives } from '../derivatives/derivatives.js';
import { layGradients } from './layGradients.js';
import { isDifferentiable } from './pullback.js';
import { repairTape } from './repairTape.js';
import { cleanly, release, type TapeEngine, type TapeNode, tapeEngine } from './tape.js';

/** Engines inside a scope, so that an inner scope finds its work done. */
const open = new WeakSet<TapeEngine>();

/**
 * A scope in which gradients of TensorFlow.js can be differentiated again, exactly.
 *
 * Outside of it nested `tf.grad` is silently wrong: of 32 operations tried, tfjs 4.22 gets 4 right, 14 wrong, and
 * throws on 14. Inside, the engine records in causal order, and the gradients it lacks are there. A function without
 * curvature has zeros for its second derivative. Engine, registry and tape are put back on the way out, also when `f`
 * throws. Scopes nest, and stand around an optimizer's step or within the loss that it minimises.
 *
 * - Cost: some 40 µs to open, against milliseconds of any gradient inside; those record more, and take the time they took.
 *
 * @throws Error if a kernel on the way has no derivative, naming it, or if `f` returns a promise.
 *
 * @example
 * const slope = twiceDifferentiable(() => tf.grad((x) => tf.grad((x) => x.tanh())(x).square().sum())(x));
 */
export function twiceDifferentiable<T>(f: () => T): T {
  const engine = tapeEngine();
  if (open.has(engine)) return f();
  const outer = engine.state.gradientDepth > 0 ? engine.state.activeTape!.length : undefined;
  const putBack = [repairTape(engine), layGradients(derivatives)];
  open.add(engine);
  try {
    const result = cleanly(() => synchronous(f()));
    if (outer !== undefined) settle(engine.state.activeTape!, outer);
    return result;
  } finally {
    open.delete(engine);
    for (const undo of putBack) undo();
  }
}

function synchronous<T>(result: T): T {
  if (!(result instanceof Promise)) return result;
  throw new TypeError('twiceDifferentiable: f must be synchronous, it returned a promise');
}

/** Takes from the tape of a gradient around the scope what passes no derivative on: the walk of tfjs would throw on it. */
function settle(tape: TapeNode[], from: number): void {
  const recorded = tape.splice(from);
  tape.push(...recorded.filter(isDifferentiable));
  release(recorded.filter((node) => !isDifferentiable(node)));
}
