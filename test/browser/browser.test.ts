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
import { LEARNING_RATE, type Network, RHO, STEPS, type Told, type Trained, train } from './training.js';
import { type TrainingPage, trainingPage } from './trainingPage.js';

const executable = findChromium();
const { params, x, y, expected } = readGolden<Network & { readonly expected: { readonly inference: Expected } }>(
  'mlp-tanh',
);
const network: Network = { params, x, y };
const { hessian, nme, features, sam } = expected.inference;

describe.skipIf(!executable)('in Chromium', () => {
  let browser: Browser;
  let page: TrainingPage;
  let hub: DashboardSink;
  let release: () => Promise<void>;
  let watching: Viewer;
  let onNode: RunSeen;
  const finished = new Map<string, Trained>();

  beforeAll(async () => {
    page = await trainingPage();
    browser = await launch(executable!, ['--use-angle=swiftshader', '--enable-unsafe-swiftshader']);
    hub = dashboard({ port: 0, trainers: [page.origin] });
    release = hub.hold();
    watching = await viewer(await hub.url());
    repairWasm();
    await tf.setBackend('wasm');
    await train(network, 'on Node', [hub]);
    onNode = await ended('on Node');
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
    asked: Partial<Asked> & Pick<Asked, 'backend' | 'name'>,
    origin = page.origin,
  ): Promise<Trained> {
    const tab = await browser.newPage();
    const errors: string[] = [];
    tab.on('pageerror', ({ message }) => errors.push(message));
    await tab.goto(origin);
    await tab.waitForFunction('"trainHere" in globalThis');
    const whole: Asked = { flags: {}, network, hub: await hub.url(), ...asked };
    const trained = await tab.evaluate<Trained>(`trainHere(${JSON.stringify(whole)})`);
    await tab.close();
    expect(errors).toEqual([]);
    return trained;
  }

  describe.each(['wasm', 'webgl'])('on %s', (backend) => {
    const name = `in a page on ${backend}`;
    let trained: Trained;
    beforeAll(async () => {
      trained = await inPage({ backend, name });
      finished.set(backend, trained);
    }, 120_000);

    const measured = (quantity: string, layer?: string): number => {
      const found = trained.measurements.find(
        (m) => m.name === quantity && m.step === 0 && m.attributes.layer === layer,
      );
      return found?.value ?? Number.NaN;
    };

    test('it trains, and nothing fails or is left over', () => {
      expect(trained.backend).toBe(backend);
      expect(trained.failures).toEqual([]);
      expect(trained.leaked).toBe(0);
      expect(trained.lastLoss).toBeLessThan(0.8 * expected.inference.loss);
    });

    test.each([
      ['train.loss', undefined, expected.inference.loss],
      ['gradient.norm', undefined, expected.inference.gradientNorm],
      ['hessian.top_eigenvalue', undefined, hessian.topEigenvalue],
      ['nme.trace', undefined, nme.trace],
      ['nme.norm', undefined, nme.frobenius],
      ['features.rank', 'hidden1', features.hidden1!.rank],
      ['features.rank', 'hidden2', features.hidden2!.rank],
      ['features.effective_rank', 'hidden1', features.hidden1!.effectiveRank],
      ['features.effective_rank', 'hidden2', features.hidden2!.effectiveRank],
      ['features.stable_rank', 'hidden1', features.hidden1!.stableRank],
      ['sam.ascent_norm', undefined, RHO],
      ['sam.cosine', undefined, sam.l2.cosine],
    ])('%s of %s is that of JAX in float64', (quantity, layer, value) => {
      expect(Math.abs(measured(quantity, layer) - value) / Math.abs(value)).toBeLessThan(1e-4);
    });

    test('the first step of SAM leads to the weights of JAX in float64', () => {
      const start = Object.values(params).flatMap(({ values }) => values);
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

  test('a hub that does not let a page in stops no training, and the page is told what would', async () => {
    const origin = page.origin.replace('127.0.0.1', 'localhost');
    const refused = await inPage({ backend: 'wasm', name: 'refused' }, origin);
    const { host } = new URL(await hub.url());
    expect(refused.failures).toEqual([
      `remoteDashboard: no connection to ws://${host}; is there a hub that lets in ${origin}, by its token or as ` +
        `dashboard({ trainers: ['${origin}'] })? Trying again until the run ends`,
      'remoteDashboard: remoteDashboard: not all had gone out after 2000 ms',
    ]);
    expect(refused.lastLoss).toBe(finished.get('wasm')!.lastLoss);
    expect(runSeen(watching.frames, 'refused')).toBeUndefined();
  });

  test('on WebGL with textures of half floats curvature is refused by name, and training goes on', async () => {
    const flags = { WEBGL_FORCE_F16_TEXTURES: true, WEBGL_CPU_FORWARD: false };
    const trained = await inPage({ backend: 'webgl', flags, name: 'in half precision' });
    const refusal = 'the backend webgl computes in half precision on this device, too coarse for second derivatives';
    for (const probe of ['topEigenvalue', 'nmeTrace', 'nmeNorm']) {
      expect(trained.failures).toContainEqual(expect.stringMatching(`^${probe}: .*${refusal}`));
    }
    expect(trained.measurements.filter(({ name }) => /^(hessian|nme)\./.test(name))).toEqual([]);
    expect(trained.lastLoss).toBeLessThan(0.8 * expected.inference.loss);
  });
});
