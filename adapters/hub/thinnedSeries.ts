/** A series in a bounded space: recent values whole, older ones thinned, extremes always there. */
export interface ThinnedSeries {
  push(step: number, value: number, standardError: number): void;
  readonly length: number;
  /** Views, valid until the next push. */
  steps(): Float64Array;
  values(): Float64Array;
  standardErrors(): Float64Array;
}

/** Of so many neighbours at least one goes when a series is thinned. */
const GROUP = 4;

/**
 * Keeps at most `capacity` values in the order they came. When full, every four neighbours give way to their lowest, their
 * highest and their first NaN, if any: so the minimum and the maximum of all that came, a spike of one step say, and
 * the fact of a NaN are never lost. What has been thinned n times stands for up to 2ⁿ values.
 *
 * - Cost: amortised constant time a value, 24 bytes of memory each.
 */
export function thinnedSeries(capacity: number): ThinnedSeries {
  let length = 0;
  let columns = [0, 1, 2].map(() => new Float64Array(Math.min(capacity, 256))) as [Column, Column, Column];

  const makeRoom = () => {
    if (columns[0].length < capacity) columns = columns.map((c) => enlarged(c, capacity)) as typeof columns;
    else length = thin(columns);
  };

  return {
    push(step, value, standardError) {
      if (length === columns[0].length) makeRoom();
      columns[0][length] = step;
      columns[1][length] = value;
      columns[2][length] = standardError;
      length++;
    },
    get length() {
      return length;
    },
    steps: () => columns[0].subarray(0, length),
    values: () => columns[1].subarray(0, length),
    standardErrors: () => columns[2].subarray(0, length),
  };
}

type Column = Float64Array<ArrayBuffer>;

function enlarged(column: Column, capacity: number): Column {
  const larger = new Float64Array(Math.min(capacity, column.length * 2));
  larger.set(column);
  return larger;
}

/** Thins full columns in place by their values, the second of them; returns how many rows are left. */
function thin(columns: readonly [Column, Column, Column]): number {
  const values = columns[1];
  let kept = 0;
  for (let start = 0; start < values.length; start += GROUP) {
    for (const row of outstanding(values, start, Math.min(start + GROUP, values.length))) {
      for (const column of columns) column[kept] = column[row]!;
      kept++;
    }
  }
  return kept;
}

/** The rows of the lowest value, the highest and the first NaN in [start, end), each once, in ascending order. */
function outstanding(values: Column, start: number, end: number): number[] {
  let lowest = -1;
  let highest = -1;
  let missing = -1;
  for (let row = start; row < end; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) missing = missing < 0 ? row : missing;
    else {
      if (lowest < 0 || value < values[lowest]!) lowest = row;
      if (highest < 0 || value > values[highest]!) highest = row;
    }
  }
  return [...new Set([lowest, highest, missing])].filter((row) => row >= 0).sort((a, b) => a - b);
}
