import { refuseUnless } from './refuseUnless.js';

/** What options that are numbers must be. Each throws a RangeError, naming `what`, if its number is not. */

export function checkWhole(what: string, value: number, least = 1, most = Infinity, remedy?: string): void {
  const range = most === Infinity ? `>= ${least}` : `from ${least} to ${most}`;
  refuseUnless(
    Number.isInteger(value) && value >= least && value <= most,
    what,
    `a whole number ${range}`,
    value,
    remedy,
  );
}

export const checkPositive = (what: string, value: number): void =>
  refuseUnless(value > 0 && value < Infinity, what, 'positive and finite', value);

export const checkNonNegative = (what: string, value: number): void =>
  refuseUnless(value >= 0 && value < Infinity, what, '>= 0 and finite', value);

export const checkFraction = (what: string, value: number): void =>
  refuseUnless(value > 0 && value < 1, what, 'between 0 and 1, both excluded', value);

/** Of a seed that may be left out. */
export const checkSeed = (what: string, seed: number | undefined): void =>
  refuseUnless(seed === undefined || Number.isSafeInteger(seed), what, 'a whole number', seed);
