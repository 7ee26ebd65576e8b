import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Browser } from 'playwright-core';
import { type DashboardSink, dashboard, repairWasm } from 'sharpstream/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Viewer, viewer } from '../adapters/hub/viewer.js';
import { findChromium, launch } from '../e2e/browser.js';
import type { Expected } from '../golden.js';
import { readGolden } from '../reference/readGolden.js';
import type { Asked } from './page.js';
import { type RunSeen, runSeen } from './runSeen.js';
import { type Data, LEARNING_RATE, type NetworkName, RHO, STEPS, type Told, type Trained, train } from './training.js';
import { type TrainingPage, trainingPage } from './trainingPage.js';

const executable = findChromium();
/** WebGL on the processor, for machines without a GPU. */
const SOFTWARE_GL = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

interface File extends Data {
  readonly expected: { readonly inference: Expected };
}

function read(network: NetworkName): { data: Data; expected: Expected } {
  const { x, y, params, expected } = readGolden<File>(network);
  return { data: { x, y, params }, expected: expected.inference };
}

describe.skipIf(!executable)('in Chromium', () => {
  let browser: Browser;
  let page: TrainingPage;
  let hub: DashboardSink;
  let release: () => Promise<void>;
  let watching: Viewer;

  beforeAll(async () => {
    page = await trainingPage();
    browser = await launch(executable!, SOFTWARE_GL);
    hub = dashboard({ port: 0, trainers: [page.origin] });
    release = hub.hold();
    watching = await viewer(await hub.url());
    repairWasm();
    await tf.setBackend('wasm');
  }, 120_000);
  afterAll(async () => {
    await watching?.close();
    await browser?.close();
    await release?.();
    page?.close();
  });

  async function ended(name: string): Promise<RunSeen> {
    await watching.until(() => (runSeen(watching.frames, name)?.ended ?? 0) > 0);
    return runSeen(watching.frames, name)!;
  }

  /** Trains in a new page. */
  async function inPage(
    asked: Pick<Asked, 'backend' | 'name'> & Partial<Asked>,
    origin = page.origin,
  ): Promise<Trained> {
    const tab = await browser.newPage();
    const errors: string[] = [];
    tab.on('pageerror', ({ message }) => errors.push(message));
    await tab.goto(origin);
    await tab.waitForFunction('"trainHere" in globalThis');
    const { network = 'mlp-tanh' } = asked;
    const whole: Asked = { flags: {}, network, data: read(network).data, hub: await hub.url(), ...asked };
    const trained = await tab.evaluate<Trained>(`trainHere(${JSON.stringify(whole)})`);
    await tab.close();
    expect(errors).toEqual([]);
    return trained;
  }

  describe.each(['mlp-tanh', 'conv-max-pool'] as const)('%s', (network) => {
    const { data, expected } = read(network);
    const { hessian, gaussNewton, nme, features, sam } = expected;
    let onNode: RunSeen;
    beforeAll(async () => {
      await train(network, data, `${network} on Node`, [hub]);
      onNode = await ended(`${network} on Node`);
    }, 60_000);

    describe.each(['wasm', 'webgl'])('on %s', (backend) => {
      const name = `${network} in a page on ${backend}`;
      let trained: Trained;
      beforeAll(async () => {
        trained = await inPage({ backend, network, name });
      }, 120_000);

      const measured = (quantity: string, layer?: string): number => {
        const first = trained.measurements.filter(({ step }) => step === 0);
        const found = first.find((m) => m.name === quantity && m.attributes.layer === layer);
        return found?.value ?? Number.NaN;
      };

      test('it trains, and nothing fails or is left over', () => {
        expect(trained.backend).toBe(backend);
        expect(trained.failures).toEqual([]);
        expect(trained.leaked).toBe(0);
        expect(trained.lastLoss).toBeLessThan(0.95 * expected.loss);
      });

      test.each([
        ['train.loss', expected.loss],
        ['gradient.norm', expected.gradientNorm],
        ['hessian.top_eigenvalue', hessian.topEigenvalue],
        ['nme.norm', nme.frobenius],
        ['sam.ascent_norm', RHO],
        ['sam.cosine', sam.l2.cosine],
      ])('%s is that of JAX in float64', (quantity, value) => {
        expect(Math.abs(measured(quantity) - value) / Math.abs(value)).toBeLessThan(1e-4);
      });

      test('nme.trace is that of JAX in float64, as a part of the traces it is the difference of', () => {
        const scale = Math.abs(hessian.trace) + gaussNewton.trace;
        expect(Math.abs(measured('nme.trace') - nme.trace) / scale).toBeLessThan(1e-4);
      });

      test.each(Object.entries(features))('the ranks of %s are those of JAX in float64', (layer, spectrum) => {
        expect(measured('features.rank', layer)).toBe(spectrum.rank);
        expect(measured('features.effective_rank', layer) / spectrum.effectiveRank).toBeCloseTo(1, 4);
        expect(measured('features.stable_rank', layer) / spectrum.stableRank).toBeCloseTo(1, 4);
      });

      test('the first step of SAM leads to the weights of JAX in float64', () => {
        const start = Object.values(data.params).flatMap(({ values }) => values);
        const there = start.map((w, i) => w - LEARNING_RATE * sam.l2.gradient[i]!);
        expect(Math.max(...trained.firstStep.map((w, i) => Math.abs(w - there[i]!)))).toBeLessThan(2e-6);
      });

      test('the self-checks of gradient and curvature agree', () => {
        expect(measured('gradient.self_check')).toBeLessThan(0.01);
        expect(measured('curvature.self_check')).toBeLessThan(0.01);
      });

      test('the hub shows the run as it shows one of Node: the same series at the same steps', async () => {
        const seen = await ended(name);
        expect(seen.catalogue).toEqual(onNode.catalogue);
        expect(seen.values('train.loss').size).toBe(STEPS);
      });

      test('each number arrives as it was measured', async () => {
        const seen = await ended(name);
        const arrived = (told: Told): number | undefined => seen.values(told.name, told.attributes).get(told.step);
        expect(trained.measurements.map(arrived)).toEqual(trained.measurements.map(({ value }) => value));
      });

      test('whoever looks later sees the same', async () => {
        const late = await viewer(await hub.url());
        await late.until(() => runSeen(late.frames, name)?.catalogue.length === onNode.catalogue.length);
        expect(runSeen(late.frames, name)!.catalogue).toEqual(onNode.catalogue);
        await late.close();
      });
    });
  });

  test('a hub that does not let a page in stops no training, and the page is told what would', async () => {
    const origin = page.origin.replace('127.0.0.1', 'localhost');
    const { host } = new URL(await hub.url());
    const refused = await inPage({ backend: 'wasm', name: 'refused' }, origin);
    expect(refused.failures).toEqual([
      `remoteDashboard: no connection to ws://${host}; is there a hub that lets in ${origin}, by its token or as ` +
        `dashboard({ trainers: ['${origin}'] })? Trying again until the run ends`,
      'remoteDashboard: remoteDashboard: not all had gone out after 2000 ms',
    ]);
    const letIn = (await ended('mlp-tanh in a page on wasm')).values('train.loss');
    expect(lossesOf(refused)).toEqual([...letIn.values()]);
    expect(runSeen(watching.frames, 'refused')).toBeUndefined();
  });

  test('on WebGL with textures of half floats curvature is refused by name, and training goes on', async () => {
    const flags = { WEBGL_FORCE_F16_TEXTURES: true };
    const trained = await inPage({ backend: 'webgl', flags, name: 'in half precision' });
    const refusal = 'the backend webgl computes in half precision on this device, too coarse for second derivatives';
    for (const probe of ['topEigenvalue', 'nmeTrace', 'nmeNorm']) {
      expect(trained.failures).toContainEqual(expect.stringMatching(`^${probe}: .*${refusal}`));
    }
    expect(trained.measurements.filter(({ name }) => /^(hessian|nme)\./.test(name))).toEqual([]);
    expect(trained.lastLoss).toBeLessThan(0.95 * read('mlp-tanh').expected.loss);
  });
});

const lossesOf = ({ measurements }: Trained): number[] =>
  measurements.filter(({ name }) => name === 'train.loss').map(({ value }) => value);
