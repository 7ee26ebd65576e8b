import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrange, type Group } from '../../dashboard/catalogue/arrange.js';
import { OVERVIEW } from '../../dashboard/catalogue/charts.js';
import type { Stream } from '../../dashboard/data/board.js';
import { createColumn } from '../../dashboard/data/column.js';

const stream = (name: string, attributes: Record<string, string> = {}, unit = '1'): Stream => ({
  ...{ name, unit, attributes },
  ...{ column: createColumn(4), points: undefined },
});
const scatter = (attributes: Record<string, string> = {}): Stream => ({
  ...stream('confidence.scatter', attributes),
  points: { step: 1, x: [0], y: [0] },
});

test('every stream has exactly one place on the page, whatever it is called', () => {
  const known = OVERVIEW.flatMap(({ metrics }) => metrics);
  const name = fc.oneof(fc.constantFrom(...known), fc.stringMatching(/^[a-z]{1,4}(\.[a-z_]{1,5}){0,2}$/));
  fc.assert(
    fc.property(fc.array(fc.record({ name, layer: fc.constantFrom('a', 'b') }), { maxLength: 30 }), (list) => {
      const streams = list.map(({ name, layer }) => stream(name, { layer }));
      const { overview, others } = arrange(streams);
      const charts = [...overview, ...others.flatMap((group) => group.charts)];
      const shown = charts.flatMap(({ lines }) => lines.map((line) => line.stream));
      expect(shown).toHaveLength(streams.length);
      expect(new Set(shown)).toEqual(new Set(streams));
      expect(new Set(charts.map(({ id }) => id)).size).toBe(charts.length);
    }),
  );
});

test.each(['constructor', '__proto__', '__defineGetter__', 'toString', 'hasOwnProperty'])(
  'a metric and an attribute may be called %s, as every object has something',
  (name) => {
    const both = [stream(name, { layer: name }), stream(name, { layer: 'b' })];
    const [chart] = arrange(both).others[0]!.charts;
    expect(chart!.title.toLowerCase()).toBe(name.replaceAll('_', ' ').toLowerCase());
    expect(chart!.lines.map(({ label }) => label)).toEqual([name, 'b']);
  },
);

test('charts have ids of their own, though labels are alike and a metric is called as another with its label', () => {
  const points = { step: 1, x: [0], y: [0] };
  const streams = [
    { ...stream('a.b', { layer: 'x' }), points },
    { ...stream('a.b', { network: 'x' }), points },
    stream('a.b x'),
  ];
  const ids = arrange(streams).others.flatMap(({ charts }) => charts.map(({ id }) => id));
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(3);
});

test('metrics that no chart knows are grouped by what stands before the first dot', () => {
  const { others } = arrange(['sam.rho', 'pgdl.score', 'sam.cosine'].map((name) => stream(name)));
  expect(others.map(({ title, charts }) => [title, charts.map(({ metrics }) => metrics[0])])).toEqual([
    ['sam', ['sam.rho', 'sam.cosine']],
    ['pgdl', ['pgdl.score']],
  ]);
});

test('one chart holds the ranks of all layers, each line named by its layer', () => {
  const mode = 'inference';
  const ranks = [stream('features.rank', { layer: 'conv', mode }), stream('features.rank', { layer: 'dense', mode })];
  expect(arrange(ranks).overview[0]!.lines.map(({ label }) => label)).toEqual(['conv', 'dense']);
});

test('a line among several metrics is named by its metric, and by what differs within it', () => {
  const streams = [
    stream('confidence.low_deviation', { network: 'student' }),
    stream('confidence.low_deviation', { network: 'control' }),
    stream('confidence.high_deviation', { network: 'student' }),
  ];
  expect(arrange(streams).overview[0]!.lines.map(({ label }) => label)).toEqual([
    'least confident quarter · student',
    'least confident quarter · control',
    'most confident quarter',
  ]);
});

test('a flag is named with its value, which alone would say nothing', () => {
  const found = [{}, { converged: 'false' }].map((flags) => stream('hessian.top_eigenvalue', flags));
  expect(arrange(found).overview[0]!.lines.map(({ label }) => label)).toEqual(['λ max', 'λ max · not converged']);
});

test('a spectral density is a curve among what is said of the Hessian, and no scatter of examples', () => {
  const density = { ...stream('hessian.spectral_density'), points: { step: 1, x: [0, 1], y: [1, 0.5] } };
  const [{ title, charts }] = arrange([density]).others as [Group];
  expect(title).toBe('hessian');
  expect(charts).toMatchObject([
    { title: 'Density of the spectrum', kind: 'curve', axes: ['eigenvalue λ', 'density'], scale: 'log' },
  ]);
});

test('singular values are a curve for each layer, among what is said of the features', () => {
  const points = { step: 1, x: [1, 2], y: [3, 0.5] };
  const layers = ['a', 'b'].map((layer) => ({ ...stream('features.singular_values', { layer }), points }));
  const [{ title, charts }] = arrange(layers).others as [Group];
  expect(title).toBe('features');
  expect(charts).toMatchObject(
    ['a', 'b'].map((layer) => ({
      title: `Singular values of the features: ${layer}`,
      kind: 'curve',
      axes: ['number, from the largest', 'singular value'],
    })),
  );
});

test('each scatter is a chart of its own: student and control side by side', () => {
  const { overview } = arrange([scatter({ network: 'student' }), scatter({ network: 'control' })]);
  expect(overview.map(({ title, kind }) => [title, kind])).toEqual([
    ['Student against teacher: student', 'scatter'],
    ['Student against teacher: control', 'scatter'],
  ]);
});

test('a share is shown in per cent', () => {
  expect(arrange([stream('overhead.share')]).overview[0]).toMatchObject({ unit: '%', factor: 100 });
  expect(arrange([stream('step.duration', {}, 'ms')]).overview[0]).toMatchObject({ unit: 'ms', factor: 1 });
});
