import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, expect, test } from 'vitest';
import type { MeasureResult } from '../../../../adapters/cli/measure/measure.js';
import type { Points } from '../../../../src/core/watching.js';
import type { Expected } from '../../../golden.js';
import { rankFamily } from '../../../reference/rankFamily.js';
import { npzBytes } from './npyBytes.js';
import { type Ending, type SavedGolden, savedGolden } from './savedGolden.js';
import { saveModel } from './saveModel.js';

const main = join(import.meta.dirname, '../../../../dist/adapters/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'measure-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user would, without a terminal, and tells how it ended. */
const measure = (...args: string[]): Promise<Ended> =>
  promisify(execFile)(process.execPath, [main, 'measure', ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );

const on = ({ model, data, loss }: SavedGolden): string[] => ['--model', model, '--data', data, '--loss', loss];

async function measured(saved: SavedGolden, ...args: string[]): Promise<MeasureResult> {
  const { code, stdout, stderr } = await measure(...on(saved), '--json', ...args);
  expect({ code, stderr: quiet(stderr) }).toEqual({ code: 0, stderr: '' });
  expect(stdout.trim().split('\n')).toHaveLength(1);
  return JSON.parse(stdout);
}

/** What tfjs says on every use of its cpu backend under Node. */
const quiet = (stderr: string): string => stderr.replace(/\s*={10,}[\s\S]*?={10,}\s*/, '');

/** What JAX at float64 has for the numbers that need no random directions. */
const certain = ({ gradientNorm, hessian, nme, gaussNewton, sam }: Expected): Record<string, number> => ({
  'gradient.norm': gradientNorm,
  'sharpness.sam': sam.l2.gap,
  'hessian.top_eigenvalue': hessian.topEigenvalue,
  'hessian.bottom_eigenvalue': hessian.bottomEigenvalue,
  'hessian.rayleigh_gradient': hessian.rayleighGradient,
  'gauss_newton.top_eigenvalue': gaussNewton.topEigenvalue,
  'nme.along_gradient': nme.alongGradient,
});

/** And for those that do, unless every unit vector is taken. */
const estimated = ({ hessian, gaussNewton, nme }: Expected): Record<string, number> => ({
  'hessian.trace': hessian.trace,
  'gauss_newton.trace': gaussNewton.trace,
  'nme.trace': nme.trace,
  'nme.norm': nme.frobenius,
  'nme.share': nme.share,
});

function expectNear(result: MeasureResult, expected: Record<string, number>, scale: number): void {
  for (const [name, value] of Object.entries(expected)) {
    const [found, ...more] = result.measurements.filter((m) => m.name === name);
    expect(more, name).toEqual([]);
    expect(Math.abs((found?.value as number) - value), `${name}: ${found?.value} for ${value}`).toBeLessThan(
      1e-4 * scale,
    );
  }
}

/** Of the layers that end in an activation of their own: those are the same in tfjs-layers. */
function expectRanks(result: MeasureResult, { features }: Expected, layers: readonly string[]): void {
  for (const layer of layers) {
    const of = (name: string) =>
      result.measurements.find((m) => m.name === name && m.attributes.layer === layer)?.value as number;
    const ranks = features[layer]!;
    expect(of('features.rank'), layer).toBe(ranks.rank);
    expect(of('features.effective_rank'), layer).toBeCloseTo(ranks.effectiveRank, 3);
    expect(of('features.spectral_entropy'), layer).toBeCloseTo(ranks.spectralEntropy, 3);
    expect(of('features.stable_rank'), layer).toBeCloseTo(ranks.stableRank, 3);
    const { y } = of('features.singular_values') as unknown as Points;
    expect(y, layer).toHaveLength(ranks.singularValues.length);
    ranks.singularValues.forEach((value, i) => expect(y[i], layer).toBeCloseTo(value, 3));
  }
}

const exactly = ['--exact', '--tolerance', '1e-6', '--max-products', '200'];

test.each<[string, Ending, string[]]>([
  ['mlp-tanh', 'logits', ['hidden1', 'hidden2']],
  ['mlp-relu', 'logits', ['hidden1', 'hidden2']],
  ['mlp-gelu', 'probabilities', ['hidden1', 'hidden2']],
  ['conv-max-pool', 'probabilities', ['conv']],
  ['conv-batch-norm', 'probabilities', []],
  ['lstm', 'probabilities', ['lstm']],
])('what measure finds of a saved %s that ends in %s is what JAX has in float64', async (name, ending, layers) => {
  const saved = await savedGolden(name, folder, ending);
  const result = await measured(saved, ...exactly);
  const { expected } = saved;
  const scale = Math.max(expected.hessian.topEigenvalue, Math.abs(expected.hessian.trace));
  expectNear(result, { ...certain(expected), ...estimated(expected) }, scale);
  expectRanks(result, expected, layers);
  expect(result.failures).toEqual([]);
});

test('in training mode batch normalization goes by the batch', async () => {
  const saved = await savedGolden('conv-batch-norm', mkdtempSync(join(folder, 'training-')), 'probabilities');
  const result = await measured(saved, ...exactly, '--mode', 'training', '--backend', 'cpu');
  const { training, expected } = saved;
  expect(training!.hessian.topEigenvalue).not.toBeCloseTo(expected.hessian.topEigenvalue, 2);
  expectNear(result, { ...certain(training!), ...estimated(training!) }, training!.hessian.topEigenvalue);
});

test('in batches it is the same, each counted by its examples', async () => {
  const saved = await savedGolden('mlp-tanh', mkdtempSync(join(folder, 'batches-')), 'logits');
  const result = await measured(
    saved,
    ...exactly,
    '--batch-size',
    '5',
    '--metrics',
    'gradient,sharpness,hessian,gauss_newton,nme,features',
  );
  const { expected } = saved;
  const scale = Math.max(expected.hessian.topEigenvalue, Math.abs(expected.hessian.trace));
  expectNear(result, { ...certain(expected), ...estimated(expected) }, scale);
  expectRanks(result, expected, ['hidden1', 'hidden2']);
  expect(result.measurements.find(({ name }) => name === 'curvature.self_check')!.attributes.verdict).toBe('agrees');
});

test('neighbours by the features of a layer vote as they do in NumPy', async () => {
  const saved = await savedGolden('mlp-tanh', mkdtempSync(join(folder, 'neighbours-')), 'probabilities');
  const known = Object.entries(rankFamily['mlp-tanh'].features);
  const k = known[0]![1].neighbours!.k;
  const { measurements } = await measured(saved, '--metrics', 'knn', '--neighbours', String(k));
  expect(measurements.map(({ attributes }) => attributes.layer)).toEqual(known.map(([layer]) => layer));
  known.forEach(([, { neighbours }], i) => expect(measurements[i]!.value).toBeCloseTo(neighbours!.error, 9));
});

test('traces of blocks stand beside those of the whole', async () => {
  const saved = await savedGolden('mlp-tanh', mkdtempSync(join(folder, 'blocks-')), 'logits');
  const { hessian, gaussNewton, nme } = saved.expected;
  const result = await measured(
    saved,
    '--exact',
    '--blocks',
    'parameter',
    '--metrics',
    'hessian.trace,gauss_newton.trace,nme.trace',
  );
  for (const [name, { trace, blocks }] of Object.entries({ hessian, gauss_newton: gaussNewton, nme })) {
    const found = result.measurements.filter((m) => m.name === `${name}.trace`);
    const value = (parameter?: string) =>
      found.find(({ attributes }) => attributes.parameter === parameter)!.value as number;
    expect(found).toHaveLength(1 + Object.keys(blocks).length);
    expect(value()).toBeCloseTo(trace, 4);
    for (const [parameter, block] of Object.entries(blocks))
      expect(value(parameter), parameter).toBeCloseTo(block.trace, 4);
  }
});

test('the spectral density integrates to one, and its mean is the trace over the dimension', async () => {
  const saved = await savedGolden('mlp-tanh', mkdtempSync(join(folder, 'density-')), 'logits');
  const result = await measured(saved, '--metrics', 'hessian.spectral_density');
  const { x, y } = result.measurements.find(({ name }) => name === 'hessian.spectral_density')!.value as Points;
  const sum = (of: (i: number) => number) => x.reduce((total, _, i) => total + of(i), 0) * (x[1]! - x[0]!);
  expect(sum((i) => y[i]!)).toBeCloseTo(1, 3);
  const mean = sum((i) => y[i]! * x[i]!);
  const { hessian } = saved.expected;
  // Four random directions: the variance of vᵀHv / n is at most 2 ‖H‖² / n².
  const spread = Math.sqrt(2 / 4) * (hessian.frobenius / hessian.eigenvalues.length);
  expect(Math.abs(mean - hessian.trace / hessian.eigenvalues.length)).toBeLessThan(4 * spread);
});

test('estimates lie within four of their standard errors, tell them, and repeat with the seed', async () => {
  const saved = await savedGolden('mlp-tanh', mkdtempSync(join(folder, 'estimates-')), 'probabilities');
  const asked = ['--metrics', 'hessian.trace,gauss_newton.trace,nme', '--samples', '64'];
  const [first, again, other] = [
    await measured(saved, ...asked, '--seed', '3'),
    await measured(saved, ...asked, '--seed', '3'),
    await measured(saved, ...asked, '--seed', '4'),
  ];
  for (const [name, value] of Object.entries(estimated(saved.expected))) {
    const { value: found, standardError } = first.measurements.find((m) => m.name === name)!;
    expect(standardError, name).toBeGreaterThan(0);
    expect(Math.abs((found as number) - value), name).toBeLessThan(4 * standardError!);
  }
  const values = ({ measurements }: MeasureResult) => measurements.map(({ name, value }) => [name, value]);
  expect(values(again)).toEqual(values(first));
  expect(values(other)).not.toEqual(values(first));
});

test('without --json a table says the same on any width, without colours where there is no terminal', async () => {
  const saved = await savedGolden('mlp-tanh', mkdtempSync(join(folder, 'table-')), 'probabilities');
  const { code, stdout } = await measure(
    ...on(saved),
    ...exactly,
    '--metrics',
    'train,hessian,features.rank,features.singular_values',
  );
  expect(code).toBe(0);
  expect(stdout).toBe(stripVTControlCharacters(stdout));
  const cells = (name: string) =>
    stdout
      .split('\n')
      .find((line) => line.startsWith(name))!
      .split(/ +/);
  const { loss, hessian, features } = saved.expected;
  expect(Number(cells('train.loss')[1])).toBeCloseTo(loss, 3);
  expect(Number(cells('hessian.top_eigenvalue')[1])).toBeCloseTo(hessian.topEigenvalue, 3);
  expect(Number(cells('hessian.trace')[1])).toBeCloseTo(hessian.trace, 2);
  expect(cells('features.rank').slice(1, 3)).toEqual(['hidden1', String(features.hidden1!.rank)]);
  const [largest, ...others] = features.hidden1!.singularValues;
  const drawn = stdout
    .split('\n')
    .find((line) => line.startsWith('hidden1  '))!
    .split('  ');
  expect(Number(drawn[1])).toBeCloseTo(largest!, 2);
  expect(Number(drawn.at(-1))).toBeCloseTo(others.at(-1)!, 2);
  for (const said of [
    '138 parameters',
    '16 examples',
    'categoricalCrossentropy, in inference mode',
    '± of an eigenvalue',
  ]) {
    expect(stdout).toContain(said);
  }
});

/** A model with the layer of scaleLayer.mjs. Its data are those of a linear regression, L = mean (2 w x)², w = 3. */
async function scaled(): Promise<string[]> {
  const { Scale } = await import(scaleLayer);
  const model = sequential({ layers: [layers.dense({ inputShape: [1], units: 1, useBias: false }), new Scale()] });
  model.setWeights([tf.tensor2d([[3]]), tf.tensor1d([2])]);
  const place = mkdtempSync(join(folder, 'scaled-'));
  await saveModel(model, place);
  const [x, y] = [
    { shape: [2, 1], values: [1, 3] },
    { shape: [2, 1], values: [0, 0] },
  ];
  writeFileSync(join(place, 'data.npz'), npzBytes({ x, y }));
  return ['--model', join(place, 'model.json'), '--data', join(place, 'data.npz'), '--loss', 'meanSquaredError'];
}

const scaleLayer = join(import.meta.dirname, 'scaleLayer.mjs');

test('a model with layers of the user is measured with the file that registers them', async () => {
  const { code, stdout } = await measure(
    ...(await scaled()),
    '--import',
    scaleLayer,
    '--json',
    '--exact',
    '--metrics',
    'train,hessian.trace',
  );
  expect(code).toBe(0);
  const { measurements } = JSON.parse(stdout) as MeasureResult;
  // L = mean (w s x)², with w s = 6 and mean x² = 5; tr H = 2 (s² + w²) · 5.
  expect(measurements.find(({ name }) => name === 'train.loss')!.value).toBeCloseTo(180, 3);
  expect(measurements.find(({ name }) => name === 'hessian.trace')!.value).toBeCloseTo(130, 3);
});

test('what cannot be measured is an error on stderr alone, that names the option and the remedy', async () => {
  const good = await scaled();
  const saved = await savedGolden('mlp-relu', mkdtempSync(join(folder, 'errors-')), 'logits');
  const here = on(saved);
  const cases: [string[], string][] = [
    [[], '--model is missing; give the model.json of a saved model'],
    [['--model', saved.model], '--data is missing; give an .npz with the arrays x and y'],
    [['--model', saved.model, '--data', saved.data], '--loss is missing, and the model was saved without one'],
    [good, 'Scale is none of tfjs-layers; give the file that registers it, --import my-layers.js'],
    [[...here, '--import', 'none.js'], '--import none.js cannot be loaded'],
    [
      [...here, '--metrics', 'hessian,sharpnes'],
      "--metrics: there is no measurement 'sharpnes'; there are train.loss, ",
    ],
    [[...here, '--samples', '1'], '--samples must be a whole number >= 2, got 1'],
    [[...here, '--tolerance', '0'], '--tolerance must be a positive number, got 0'],
    [[...here, '--mode', 'test'], '--mode must be inference or training, got test'],
    [[...here, '--engine', 'fast'], '--engine must be exact or finite-difference, got fast'],
    [[...here, '--batch-size', '0'], '--batch-size must be a whole number >= 1, got 0'],
    [[...here, '--backend', 'gpu'], "unknown backend 'gpu'"],
    [[...here, '--metric', 'hessian'], 'Unknown option `--metric`'],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await measure(...args, '--json');
    expect({ code, stdout }, message).toEqual({ code: 1, stdout: '' });
    expect(quiet(stderr)).toMatch(/^sharpstream: /);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n').at(-1)).not.toMatch(/^ +at /);
  }
});
