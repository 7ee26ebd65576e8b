import { refuseUnless } from './refuseUnless.js';

/** @throws RangeError, naming `what` and the choices, of which there are two at least, if the value is none of them. */
export function checkOneOf(what: string, value: string, choices: readonly string[], remedy?: string): void {
  const names = choices.map((choice) => `'${choice}'`);
  refuseUnless(choices.includes(value), what, `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`, value, remedy);
}
