import type { Stream } from '../data/board.js';
import { type ChartSpec, DETAILS, OVERVIEW } from './charts.js';
import { asTitle, inWords, unitInWords } from './words.js';

/** A stream as one line of a chart. */
export interface Line {
  readonly label: string;
  readonly stream: Stream;
}

/** One chart: a few streams over steps, or the newest points of one, as a scatter or a curve. */
export interface Chart extends Omit<ChartSpec, 'hint' | 'curve'> {
  /** Of no other chart, whatever metrics are called; stays the same while streams are added. */
  readonly id: string;
  readonly kind: 'lines' | 'scatter' | 'curve';
  /** Empty where the catalogue knows nothing of the metric. */
  readonly hint: string;
  readonly unit: string;
  /** What values are multiplied by to be in `unit`: 100 of a share, which is shown in per cent. */
  readonly factor: number;
  readonly lines: readonly Line[];
}

/** Charts under one heading. */
export interface Group {
  readonly title: string;
  readonly charts: readonly Chart[];
}

export interface Panel {
  readonly overview: readonly Chart[];
  readonly others: readonly Group[];
}

/**
 * Gives every stream a chart: known metrics in the overview, any other in a chart of its own, grouped by the prefix of its
 * name. Charts without a stream are left out.
 */
export function arrange(streams: readonly Stream[]): Panel {
  const named = (names: readonly string[]): Stream[] =>
    names.flatMap((name) => streams.filter((stream) => stream.name === name));
  const overview = OVERVIEW.flatMap((spec) => charts(spec, named(spec.metrics)));
  const known = new Set(OVERVIEW.flatMap(({ metrics }) => metrics));
  const rest = [...new Set(streams.map(({ name }) => name))].filter((name) => !known.has(name));
  const others = [...new Set(rest.map(prefix))].map((title) => ({
    title,
    charts: rest.filter((name) => prefix(name) === title).flatMap((name) => charts(detail(name), named([name]))),
  }));
  return { overview, others };
}

const detail = (name: string): ChartSpec =>
  DETAILS.find(({ metrics }) => metrics.includes(name)) ?? { title: asTitle(inWords(name)), hint: '', metrics: [name] };

const prefix = (name: string): string => name.split('.', 1)[0]!;

/** One chart for all lines, and one for each set of points. */
function charts({ curve, ...spec }: ChartSpec, streams: readonly Stream[]): Chart[] {
  const metrics = [...new Set(streams.map(({ name }) => name))];
  const lines = streams.map((stream) => ({ label: label(stream, streams, metrics.length > 1), stream }));
  const common = { ...spec, ...measureOf(streams), metrics };
  const drawn = lines.filter(({ stream }) => !stream.points);
  const pointed = lines.filter(({ stream }) => stream.points);
  return [
    ...(drawn.length > 0
      ? [{ ...common, id: JSON.stringify(spec.metrics), kind: 'lines' as const, lines: drawn }]
      : []),
    ...pointed.map((line) => ({
      ...common,
      id: JSON.stringify([...spec.metrics, line.stream.attributes]),
      title: pointed.length > 1 ? `${spec.title}: ${line.label}` : spec.title,
      kind: curve ? ('curve' as const) : ('scatter' as const),
      lines: [line],
    })),
  ];
}

function measureOf(streams: readonly Stream[]): Pick<Chart, 'unit' | 'factor'> {
  if (streams.every(({ name, unit }) => unit === '1' && name.endsWith('share'))) return { unit: '%', factor: 100 };
  return { unit: [...new Set(streams.map(({ unit }) => unitInWords(unit)))].filter(Boolean).join(', '), factor: 1 };
}

/** What tells a stream from the others of its chart: its metric where there are several, and the attributes that differ. */
function label(stream: Stream, all: readonly Stream[], several: boolean): string {
  const siblings = all.filter(({ name }) => name === stream.name);
  const differing = Object.entries(stream.attributes).filter(([key, value]) =>
    siblings.some(({ attributes }) => attributes[key] !== value),
  );
  const told = several || differing.every(([, value]) => FLAGS.has(value));
  const values = differing.map(([key, value]) => FLAGS.get(value)?.(key) ?? value);
  return (told ? [inWords(stream.name), ...values] : values).join(' · ');
}

/** Of an attribute that is true or false, the value alone would say nothing. */
const FLAGS: ReadonlyMap<string, (key: string) => string> = new Map([
  ['true', (key: string) => key],
  ['false', (key: string) => `not ${key}`],
]);
