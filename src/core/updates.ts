import type { GradientFn, Update } from './objective.js';
import type { Ledger } from './watching.js';

/** The optimizer's steps, as far as interventions wrap them. */
export interface Updates {
  /** Whether any intervention does; if not, the optimizer need not pass through here. */
  readonly wrapped: boolean;
  /** A gradient is about to be handed out: its update should follow. */
  expect(step: number, params: Update['params']): void;
  /** Makes the expected update. One that was made already, or is not expected, is not wrapped. */
  apply(apply: () => void, learningRate: number | undefined): void;
}

/** An update that passes by unseen is a failure, told once: training on without it unnoticed would be a false experiment. */
export function updates(chain: GradientFn, failed: Ledger['failed']): Updates {
  let expected: Pick<Update, 'step' | 'params'> | undefined;
  let told = false;
  return {
    wrapped: chain.update !== undefined,
    expect(step, params) {
      if (chain.update && expected && !told) {
        told = true;
        failed('interventions', unseen(expected.step));
      }
      expected = { step, params };
    },
    apply(apply, learningRate) {
      const update = expected;
      expected = undefined;
      if (chain.update && update) chain.update(apply, { ...update, learningRate });
      else apply();
    },
  };
}

const unseen = (step: number): Error =>
  new Error(
    `step ${step} was not applied by the instrumented optimizer, so what acts on updates had no part in it; ` +
      'instrument the one that is applied, or train with run.minimize',
  );
