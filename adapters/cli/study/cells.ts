import { figures } from '../measure/figures.js';
import type { Outcome, Row } from './conduct.js';
import type { Relation } from './criterion.js';
import type { Estimate } from './estimate.js';
import { inWords } from './findings.js';
import type { Column } from './textTable.js';

/** Cells that a terminal and a page show alike. */
export interface Cells {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** The rows of one experiment: what was varied, means and errors, differences paired by seed, and the number beside. */
export function rowCells(rows: readonly Row[]): Cells {
  const factors = Object.keys(rows[0]!.condition);
  const from = rows.find(({ difference }) => difference)?.difference?.from;
  return {
    columns: [
      { head: 'quantity' },
      ...factors.map((head, i) => ({ head, numbers: typeof rows[0]!.condition[factors[i]!] === 'number' })),
      { head: 'mean', numbers: true },
      { head: '± s.e.', numbers: true },
      { head: from ? `from ${lastOf(from)}` : 'difference', numbers: true },
      { head: '± s.e.', numbers: true },
      { head: 'reference', numbers: true },
    ],
    rows: rows.map(({ quantity, condition, difference, reference, ...mean }, i) => [
      quantity === rows[i - 1]?.quantity ? '' : quantity,
      ...factors.map((factor) => String(condition[factor])),
      ...pair(mean),
      ...(difference ? pair(difference) : ['', '']),
      reference === undefined ? '' : String(reference),
    ]),
  };
}

/** What pairs differ in is the last factor. */
const lastOf = (condition: Row['condition']): string =>
  inWords(Object.fromEntries(Object.entries(condition).slice(-1)));

const pair = ({ value, standardError }: Estimate): [string, string] => {
  const { value: shown, error } = figures(value, standardError);
  return [shown, error];
};

/** What had to come out and what did; a failure stands out in words, not in colour alone. */
export function criterionCells(criteria: Outcome['criteria']): Cells {
  return {
    columns: [
      { head: 'criterion' },
      { head: 'observed', numbers: true },
      { head: '± s.e.', numbers: true },
      { head: 'bound', numbers: true },
      { head: '' },
    ],
    rows: criteria.map(({ name, relation, bound, passed, ...observed }) => [
      name,
      ...pair(observed),
      `${SIGNS[relation]} ${bound}`,
      passed ? 'met' : 'NOT MET',
    ]),
  };
}

const SIGNS: Readonly<Record<Relation, string>> = { '<': '<', '<=': '≤', '>': '>', '>=': '≥' };
