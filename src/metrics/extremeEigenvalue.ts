import type { Ledger, Step } from '../core/watching.js';
import { type Eigenpair, type LanczosOptions, lanczos } from '../curvature/lanczos.js';
import type { Operator } from '../curvature/operator.js';

/** The algebraically largest eigenvalue, or the smallest. */
export type End = 'top' | 'bottom';

/** Which eigenvalue is looked for, and how long. */
export interface EigenvalueSearch {
  readonly operator: Operator;
  /** Names the operator, and the conditions it was made under. */
  readonly of: string;
  readonly key: string;
  readonly end: End;
  readonly patience: Pick<LanczosOptions, 'tolerance' | 'maxProducts'>;
}

/**
 * One end of the spectrum of an operator: searched for once a step, whoever asks, from where the run's last search of the
 * kind ended.
 *
 * The start is forgotten with the run: one that goes on from a saved state begins at a random direction again.
 */
export function extremeEigenvalue(step: Step, search: EigenvalueSearch): Eigenpair {
  const { operator, of, key, end, patience } = search;
  const name = `${end} eigenvalue of ${of}, ${key}`;
  return step.once(`${name}, tolerance ${patience.tolerance}, at most ${patience.maxProducts} products`, () => {
    const last = startsOf(step.ledger).get(name);
    const start = last?.length === operator.dimension ? last : undefined;
    const options = { ...patience, start, random: step.random };
    const found = end === 'top' ? lanczos(operator, options) : negated(lanczos(negative(operator), options));
    step.ledger.evaluated(found.products * operator.cost);
    startsOf(step.ledger).set(name, found.next);
    return found;
  });
}

/** The eigenvectors found last, by run, which is known by its ledger. */
const starts = new WeakMap<Ledger, Map<string, Float64Array>>();

function startsOf(ledger: Ledger): Map<string, Float64Array> {
  const known = starts.get(ledger) ?? new Map<string, Float64Array>();
  starts.set(ledger, known);
  return known;
}

const negative = (operator: Operator): Operator => ({ ...operator, apply: (v) => operator.apply(v).map((x) => -x) });

const negated = (found: Eigenpair): Eigenpair => ({ ...found, value: -found.value });
