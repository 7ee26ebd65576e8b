import type { Gradient, Objective } from './objective.js';
import type { Ledger, OptimizerSettings, Step } from './watching.js';

export interface StepParts {
  readonly index: number;
  readonly epoch: number;
  readonly objective: Objective;
  readonly applied: Gradient;
  readonly optimizer?: OptimizerSettings | undefined;
  readonly plain: () => Gradient;
  readonly random: () => number;
  readonly ledger: Ledger;
}

/** A step to show to observers, and the end of its life: after it, every member throws, and what was shared is freed. */
export function openStep(parts: StepParts): { readonly step: Step; end(): void } {
  const { index, epoch, optimizer, ledger } = parts;
  const shared = new Map<string, Outcome>();
  let ended = false;
  const alive = (): StepParts => {
    if (ended) {
      throw new Error(`step ${index} has ended: measure it synchronously`);
    }
    return parts;
  };
  const step: Step = {
    index,
    epoch,
    optimizer,
    ledger,
    get params() {
      return alive().objective.params;
    },
    get objective() {
      return alive().objective;
    },
    get applied() {
      return alive().applied;
    },
    plain: () => alive().plain(),
    random: () => alive().random(),
    once<T>(key: string, make: () => T): T {
      alive();
      const outcome = shared.get(key) ?? outcomeOf(make);
      shared.set(key, outcome);
      if ('error' in outcome) throw outcome.error;
      return outcome.made as T;
    },
  };
  return {
    step,
    end() {
      ended = true;
      for (const { made } of shared.values()) if (isDisposable(made)) made.dispose();
    },
  };
}

/** What came of making a thing. A failure is kept too: whoever asks for it again would pay for the same failure. */
type Outcome = { readonly made: unknown } | { readonly made?: never; readonly error: unknown };

function outcomeOf(make: () => unknown): Outcome {
  try {
    return { made: make() };
  } catch (error) {
    return { error };
  }
}

const isDisposable = (thing: unknown): thing is { dispose(): void } =>
  typeof (thing as { dispose?: unknown } | null | undefined)?.dispose === 'function';
