/**
 * The number that a command was given for an option.
 *
 * @throws RangeError that names the option, unless it is a whole number of at least `least`.
 */
export function wholeNumber(option: string, value: number | string, least: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && value !== '') return number;
  throw new RangeError(`${option} must be a whole number >= ${least}, got ${value}`);
}
