import { beforeEach, expect, test, vi } from 'vitest';
import { conduct } from '../../../../adapters/cli/study/conduct.js';
import { criterion } from '../../../../adapters/cli/study/criterion.js';
import type { Experiment, Study } from '../../../../adapters/cli/study/experiment.js';
import { memory } from '../../../../adapters/exporters/memory.js';
import type { Sink } from '../../../../src/core/watching.js';

const order: string[] = [];
beforeEach(() => void order.splice(0));

/** Depth 2 adds 3 to what a seed gives, but at seed 1, where it adds 5. */
const growth: Experiment = {
  name: 'growth',
  title: 'Grows.',
  claim: 'It grows.',
  quantities: [{ name: 'height', unit: 'm' }],
  conditions: [{ depth: 1 }, { depth: 2 }],
  baseline: () => ({ depth: 1 }),
  reference: (_, { depth }) => (depth === 2 ? 13 : undefined),
  measure({ depth }, { seed, sinks }) {
    order.push(`seed ${seed}, depth ${depth}`);
    const curve = { name: 'train.loss', unit: '1', step: 0, value: seed, attributes: { mode: 'training' } };
    for (const sink of sinks) void sink.write([curve], { id: 'own', name: 'own', started: 0 });
    return { height: 100 * seed + (depth === 2 ? (seed === 1 ? 5 : 3) : 0) };
  },
  judge: (findings) => [
    criterion('grows', findings.difference('height', { depth: 2 }, { depth: 1 }), '>', 0),
    criterion('grows much', findings.difference('height', { depth: 2 }, { depth: 1 }), '>=', 10),
  ],
};

const identity: Experiment = {
  name: 'identities',
  title: 'Holds.',
  claim: 'It holds.',
  quantities: [{ name: 'error', unit: '1' }],
  conditions: [{ identity: 'one' }],
  measure: () => ({ error: 0 }),
  judge: (findings) => [criterion('one', findings.mean('error', { identity: 'one' }), '<=', 0)],
};

const study: Study = {
  name: 'growing',
  paper: 'Nobody 2026',
  claim: 'It grows.',
  seeds: 2,
  identities: [identity],
  experiments: () => [growth],
  reference: 'a ruler',
  leaves: [],
};

test('a study goes seed by seed, and tells how far it is', async () => {
  const told: string[] = [];
  await conduct(study, {
    seeds: [0, 1],
    quick: false,
    sinks: [],
    onProgress: (done, total, what) => told.push(`${done}/${total} ${what}`),
  });
  expect(order).toEqual(['seed 0, depth 1', 'seed 0, depth 2', 'seed 1, depth 1', 'seed 1, depth 2']);
  expect(told).toEqual([
    '0/6 identities, seed 0, identity one',
    '1/6 identities, seed 1, identity one',
    '2/6 growth, seed 0, depth 1',
    '3/6 growth, seed 0, depth 2',
    '4/6 growth, seed 1, depth 1',
    '5/6 growth, seed 1, depth 2',
  ]);
});

test('rows hold means, differences paired by seed, and the number beside', async () => {
  const { rows } = await conduct(study, { seeds: [0, 1], quick: false, sinks: [] });
  expect(rows.map(({ experiment }) => experiment)).toEqual(['identities', 'growth', 'growth']);
  expect(rows[1]).toEqual({
    experiment: 'growth',
    condition: { depth: 1 },
    quantity: 'height',
    unit: 'm',
    value: 50,
    standardError: 50,
    values: [0, 100],
  });
  expect(rows[2]).toMatchObject({
    values: [3, 105],
    difference: { from: { depth: 1 }, value: 4, standardError: 1 },
    reference: 13,
  });
});

test('where a seed leaves a quantity out, its mean is of the others, and nothing is paired', async () => {
  const measure: Experiment['measure'] = ({ depth }, { seed }) => (depth === 2 && seed === 0 ? {} : { height: seed });
  const experiments = (): Experiment[] => [{ ...growth, measure, judge: () => [] }];
  const { rows } = await conduct({ ...study, experiments }, { seeds: [0, 1, 2], quick: false, sinks: [] });
  expect(rows[1]).toMatchObject({ condition: { depth: 1 }, values: [0, 1, 2] });
  expect(rows[2]).toMatchObject({ condition: { depth: 2 }, values: [1, 2], value: 1.5 });
  expect(rows[2]).not.toHaveProperty('difference');
});

test('a criterion that is not met fails the study, and is there with its number', async () => {
  const { criteria, passed } = await conduct(study, { seeds: [0, 1], quick: false, sinks: [] });
  expect(passed).toBe(false);
  expect(criteria.map(({ experiment, name, value, passed }) => [experiment, name, value, passed])).toEqual([
    ['identities', 'one', 0, true],
    ['growth', 'grows', 4, true],
    ['growth', 'grows much', 4, false],
  ]);
});

test('at toy size only identities are judged', async () => {
  const { criteria, passed } = await conduct(study, { seeds: [0], quick: true, sinks: [] });
  expect(criteria.map(({ name }) => name)).toEqual(['one']);
  expect(passed).toBe(true);
});

test('training streams to one run a seed, under its condition, and findings to one of the experiment', async () => {
  const kept = memory();
  const opened: string[] = [];
  const open = ({ name }: { name: string }): number => opened.push(name);
  await conduct(study, { seeds: [0, 1], quick: false, sinks: [{ ...kept, open }] });
  expect(opened).toEqual([
    'growing: identities',
    'growing: growth',
    'growing: growth, seed 0',
    'growing: growth, seed 1',
  ]);
  const of = (name: string) => kept.measurements.filter((m) => m.name === name);
  expect(of('train.loss').map(({ attributes }) => attributes)).toEqual([
    { mode: 'training', depth: 'depth 1' },
    { mode: 'training', depth: 'depth 2' },
    { mode: 'training', depth: 'depth 1' },
    { mode: 'training', depth: 'depth 2' },
  ]);
  expect(of('height').map(({ step, value, attributes }) => [step, value, attributes.depth])).toEqual([
    [0, 0, 'depth 1'],
    [0, 3, 'depth 2'],
    [1, 100, 'depth 1'],
    [1, 105, 'depth 2'],
  ]);
});

test('a trial that throws ends the study, and its runs on the page', async () => {
  const ended: string[] = [];
  const sink: Sink = { name: 'page', write() {}, end: ({ name }) => void ended.push(name) };
  const failing: Experiment = {
    ...growth,
    measure({ depth }, trial) {
      if (depth === 2) throw new Error('diverged');
      return growth.measure({ depth: 1 }, trial);
    },
  };
  const wrong = { ...study, identities: [], experiments: () => [failing] };
  await expect(conduct(wrong, { seeds: [0], quick: false, sinks: [sink] })).rejects.toThrow('diverged');
  expect(ended).toEqual(['growing: growth, seed 0', 'growing: growth']);
});

test('a sink that throws is told of once, and the study goes on', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const throwing: Sink = {
    name: 'broken',
    write() {
      throw new Error('no room');
    },
  };
  const { rows } = await conduct(study, { seeds: [0], quick: false, sinks: [throwing] });
  expect(rows).toHaveLength(3);
  expect(warn.mock.calls.map(([said]) => said)).toContain('sharpstream: broken failed: no room');
  warn.mockRestore();
});

test('a criterion over what was not measured is an error that names it', async () => {
  const asking = {
    ...growth,
    judge: (findings: Parameters<Experiment['judge']>[0]) => [
      criterion('x', findings.mean('height', { depth: 3 }), '>', 0),
    ],
  };
  const wrong = { ...study, experiments: () => [asking] };
  await expect(conduct(wrong, { seeds: [0], quick: false, sinks: [] })).rejects.toThrow(
    'height was not measured at depth 3',
  );
});
