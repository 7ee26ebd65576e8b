import type { Ledger, Step } from '../core/watching.js';
import type { Eigenvalue } from '../curvature/spectrum/eigenpair.js';
import type { Operator } from '../curvature/spectrum/operator.js';
import { openSearch, type StopRule } from '../curvature/spectrum/searchSpectrum.js';
import type { Hint } from '../curvature/towardsBothEnds.js';

/** The algebraically largest eigenvalue, or the smallest. */
export type End = 'top' | 'bottom';

/** Which eigenvalue is looked for, and how long. */
export interface EigenvalueSearch {
  readonly operator: Operator;
  /** Names the operator and the conditions it was made under: who agrees in it shares the search of a step. */
  readonly of: string;
  readonly end: End;
  /** Where the first search of a run starts. */
  readonly hint: () => Hint;
  readonly stop: StopRule;
}

/**
 * One end of the spectrum of an operator. Whatever the probes of a step ask of it, they look for it in one Krylov space,
 * which begins where the searches of the run ended last.
 *
 * That place is forgotten with the run: one that goes on from a saved state begins at the hint again. Chance has a share
 * in every start.
 */
export function extremeEigenvalue(step: Step, { operator, of, end, hint, stop }: EigenvalueSearch): Eigenvalue {
  const known = startsOf(step.ledger);
  const place = (end: End): string => `${end} of ${of}`;
  const search = step.once(`eigenvalues of ${of}`, () => {
    const last = [known.get(place('top')), known.get(place('bottom'))];
    const start = last.filter((v): v is Float64Array => v?.length === operator.dimension);
    if (start.length === 0) {
      const { direction, cost } = hint();
      step.ledger.evaluated(cost);
      start.push(direction);
    }
    return { ...openSearch(`eigenvalues of ${of}`, operator, { random: step.random, start }), counted: 0 };
  });
  const found = search.find((n) => [end === 'top' ? 0 : n - 1], stop);
  const { products } = found;
  step.ledger.evaluated((products - search.counted) * operator.cost);
  search.counted = products;
  known.set(place(end), found.next());
  return found.values[0]!;
}

/** Where the next searches of a run start, by what is looked for; a run is known by its ledger. */
const starts = new WeakMap<Ledger, Map<string, Float64Array>>();

function startsOf(ledger: Ledger): Map<string, Float64Array> {
  const known = starts.get(ledger) ?? new Map<string, Float64Array>();
  starts.set(ledger, known);
  return known;
}
