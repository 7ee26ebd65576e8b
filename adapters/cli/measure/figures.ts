/** A number and its error, written with fitting digits. */
export interface Figures {
  readonly value: string;
  /** Empty where there is none. */
  readonly error: string;
}

/** Further digits of a value are noise, however small an error claims to be. */
const FLOAT32_DIGITS = 7;

/**
 * Writes a number with as many digits as its error allows: the error to two significant digits, the value to the same
 * decimal place. Without an error four significant digits.
 *
 * @example
 * figures(12.34567, 0.0123); // { value: '12.346', error: '0.012' }
 */
export function figures(value: number, error?: number): Figures {
  if (error === undefined) return { value: rounded(value), error: '' };
  if (!(error > 0) || !Number.isFinite(value)) return { value: rounded(value), error: rounded(error) };
  const last = Math.floor(Math.log10(error)) - 1;
  const size = Math.max(Math.abs(value), error);
  if (size < 1e-3 || size >= 1e6) {
    const digits = Math.max(0, Math.floor(Math.log10(size)) - last);
    return { value: value.toExponential(Math.min(digits, 9)), error: error.toExponential(1) };
  }
  const decimals = Math.max(0, -last);
  const known = Math.max(0, FLOAT32_DIGITS - 1 - Math.floor(Math.log10(size)));
  return {
    value: fixed(value, Math.min(decimals, known)),
    error: decimals < FLOAT32_DIGITS ? fixed(error, decimals) : error.toExponential(1),
  };
}

/** With so many decimals; what rounds to 0 has no sign. */
const fixed = (value: number, decimals: number): string => value.toFixed(decimals).replace(/^-(0\.?0*)$/, '$1');

/** To four significant digits; whole numbers whole. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e6 ? value.toExponential(3) : String(Number(value.toPrecision(4)));
}
