/** A number to four significant digits, short enough for a legend: 0.0312, 128.4, 1.25e-7, NaN, −∞. */
export function formatNumber(value: number | undefined): string {
  if (value === undefined) return '–';
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return minus(value.toExponential(2));
  if (Number.isInteger(value)) return minus(grouped(value));
  const rounded = value.toPrecision(Math.max(4, Math.ceil(Math.log10(size))));
  return minus(Number(rounded) === value ? String(value) : rounded);
}

/** A standard error to two digits, for more it does not tell. */
export const formatError = (error: number): string => formatNumber(Number(error.toPrecision(2)));

/** With a real minus sign. */
export const minus = (text: string): string => text.replaceAll('-', '−');

/** A whole number with thin spaces between thousands: 12 345. */
export const grouped = (value: number): string => String(value).replaceAll(/\B(?=(\d{3})+$)/g, '\u202f');

/** Milliseconds as a clock shows them: 0:07, 12:34, 3:02:01. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
