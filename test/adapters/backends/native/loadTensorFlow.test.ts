import '@tensorflow/tfjs-backend-wasm';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTensorFlow } from '../../../../adapters/backends/native/loadTensorFlow.js';
import { findNode } from '../../../package/findNode.js';
import { device, findNative, folder, nativeCache } from './provisioned.js';

/** TensorFlow for a GPU registers three libraries twice, and reports the second time as an error. */
const TOLD_TWICE = /^.* Unable to register cu(FFT|DNN|BLAS) factory: .*\n/gm;

test('a backend that is not there is an error that says what brings it', () => {
  expect(() => loadTensorFlow('/nowhere')).toThrow('not in /nowhere; npx sharpstream native brings it');
});

describe.skipIf(!findNative())('the provisioned TensorFlow', () => {
  beforeAll(async () => {
    loadTensorFlow(folder);
    await tf.setBackend('tensorflow');
  });

  function leavingNothing(f: () => void): void {
    const count = () => [tf.memory().numTensors, tf.memory().numDataBuffers];
    const before = count();
    tf.tidy(f);
    expect(count()).toEqual(before);
  }

  test('is a backend of the tfjs that the program runs already', async () => {
    await tf.setBackend('wasm');
    const onWasm = tf.tensor2d([[1, 2]]);
    await tf.setBackend('tensorflow');
    const backend = tf.backend() as unknown as { binding: { TF_Version: string } };
    expect(backend.binding.TF_Version).toBe('2.16.2');
    expect(tf.matMul(onWasm, onWasm, false, true).arraySync()).toEqual([[5]]);
    expect(onWasm).toBeInstanceOf(tf.Tensor);
  });

  test('loading it again changes nothing', () => {
    const before = tf.getKernelsForBackend('tensorflow');
    loadTensorFlow('/nowhere');
    expect(tf.getKernelsForBackend('tensorflow')).toEqual(before);
  });

  test('rounds int32 as it is, which TensorFlow 2.17 and later does not', () => {
    expect(tf.round(tf.tensor1d([1, -2, 3], 'int32')).arraySync()).toEqual([1, -2, 3]);
  });

  // Symmetric with eigenvalues 1 and 3; the other has AᵀA = [[25, 20], [20, 25]], so σ² = 45 and 5.
  test('has the eigenvalues of a symmetric matrix, and its eigenvectors when asked', () => {
    leavingNothing(() => {
      const input = tf.tensor2d([
        [2, 1],
        [1, 2],
      ]);
      const run = (computeV: boolean) =>
        tf.engine().runKernel('SelfAdjointEigV2', { input }, { computeV }) as unknown as tf.Tensor[];
      const [values, ...rest] = run(false);
      expect(rest).toEqual([]);
      [1, 3].forEach((value, i) => expect(values!.dataSync()[i]).toBeCloseTo(value, 5));
      const [again, vectors] = run(true);
      expect(again!.dataSync()).toEqual(values!.dataSync());
      const back = tf.matMul(tf.mul(vectors!, again!), vectors!, false, true).dataSync();
      [2, 1, 1, 2].forEach((value, i) => expect(back[i]).toBeCloseTo(value, 5));
    });
  });

  test('has the singular values of a matrix, and its factors when asked', () => {
    leavingNothing(() => {
      const input = tf.tensor2d([
        [3, 0],
        [4, 5],
      ]);
      const run = (computeUv: boolean) =>
        tf.engine().runKernel('Svd', { input }, { computeUv, fullMatrices: false }) as unknown as tf.Tensor[];
      const [values] = run(false);
      [Math.sqrt(45), Math.sqrt(5)].forEach((value, i) => expect(values!.dataSync()[i]).toBeCloseTo(value, 5));
      const [s, u, v] = run(true);
      const back = tf.matMul(tf.mul(u!, s!), v!, false, true).dataSync();
      [3, 0, 4, 5].forEach((value, i) => expect(back[i]).toBeCloseTo(value, 5));
    });
  });

  test('pools with the place of the largest, also where all are below 0', () => {
    leavingNothing(() => {
      const x = tf.tensor4d([1, 2, 3, 4, -8, -7, -5, -6], [1, 4, 2, 1]);
      const { result, indexes } = tf.maxPoolWithArgmax(x, 2, 2, 'same');
      expect([...result!.dataSync()]).toEqual([4, -5]);
      expect([...indexes!.dataSync()]).toEqual([3, 6]);
      expect(indexes!.dtype).toBe('int32');
    });
  });

  test('takes the exponential of integers, and leaves them alive', () => {
    leavingNothing(() => {
      const x = tf.tensor1d([0, 1], 'int32');
      expect([...tf.exp(x).dataSync()]).toEqual([1, Math.fround(Math.E)]);
      expect([...x.dataSync()]).toEqual([0, 1]);
    });
  });

  test('replaces every kernel of tfjs-node that is written in chained ops', () => {
    const kernels = join(folder, 'tfjs-node/dist/kernels');
    const chained =
      /\b\w+\.(abs|add|cast|div|expandDims|exp|mul|neg|reshape|square|squeeze|sub|sum|toFloat|toInt|transpose)\(/;
    const written = readdirSync(kernels).filter((file) => {
      return file.endsWith('.js') && chained.test(readFileSync(join(kernels, file), 'utf8'));
    });
    expect(written).toEqual(['ArgMax.js', 'ArgMin.js', 'Exp.js', 'Prelu.js']);
  });

  test('has parametric rectifiers also where the chained ops of tfjs are not loaded', () => {
    leavingNothing(() => {
      const x = tf.tensor2d([-2, 3, 4, -8], [2, 2]);
      expect('sub' in x).toBe(false);
      expect([...tf.prelu<tf.Tensor>(x, tf.tensor1d([0.5, 0.25])).dataSync()]).toEqual([-1, 3, 4, -2]);
    });
  });

  test('trains: one step of gradient descent on softmax regression is that of the closed form', async () => {
    const model = tfl.sequential({
      layers: [tfl.layers.dense({ units: 2, inputShape: [2], activation: 'softmax', kernelInitializer: 'zeros' })],
    });
    model.compile({ optimizer: tf.train.sgd(0.5), loss: 'categoricalCrossentropy' });
    const x = tf.tensor2d([
      [1, 2],
      [3, -1],
    ]);
    const y = tf.tensor2d([
      [1, 0],
      [0, 1],
    ]);
    await model.trainOnBatch(x, y);
    // −η Xᵀ(p − y)/n with p = ½: 0.125 · [[1 − 3, 3 − 1], [2 + 1, −1 − 2]].
    const kernel = model.getWeights()[0]!.dataSync();
    [-0.25, 0.25, 0.375, -0.375].forEach((value, i) => expect(kernel[i]).toBeCloseTo(value, 5));
    model.dispose();
  });

  const run = async (program: string, node = process.execPath): Promise<string> => {
    const options = { env: { ...process.env, ...nativeCache }, cwd: join(import.meta.dirname, '../../../..') };
    const { stdout, stderr } = await promisify(execFile)(node, ['--input-type=module', '--eval', program], options);
    expect(device === 'gpu' ? stderr.replaceAll(TOLD_TWICE, '') : stderr).toBe('');
    return stdout;
  };

  test('is the first choice, and starts in silence', async () => {
    const stdout = await run(`
      import { matMul, tensor2d } from '@tensorflow/tfjs-core';
      import { chooseBackend } from './dist/adapters/backends/chooseBackend.js';
      const { name, why } = await chooseBackend();
      console.log(JSON.stringify([name, why, matMul(tensor2d([[2]]), tensor2d([[3]])).arraySync()]));`);
    expect(JSON.parse(stdout)).toEqual([
      'tensorflow',
      'TensorFlow of sharpstream native is installed; @tensorflow/tfjs-node-gpu is not installed; ' +
        '@tensorflow/tfjs-node is not installed',
      [[6]],
    ]);
  });

  describe.each(['20.19', '22', '24'])('on Node %s', (version) => {
    const node = findNode(version);

    // Of which Node 24 no longer has all that tfjs-node asks of it.
    test.skipIf(!node)('starts in silence and takes gradients', async () => {
      const program = `
        import { grad, matMul, setBackend, sum, tensor2d } from '@tensorflow/tfjs-core';
        import '@tensorflow/tfjs-layers';
        import { loadTensorFlow } from './dist/adapters/backends/native/loadTensorFlow.js';
        loadTensorFlow();
        await setBackend('tensorflow');
        const dx = grad((x) => sum(matMul(x, tensor2d([[3], [4]]))))(tensor2d([[1, 2]]));
        console.log(JSON.stringify([process.versions.node, dx.arraySync()]));`;
      const [running, gradient] = JSON.parse(await run(program, node)) as [string, number[][]];
      expect(running.startsWith(version)).toBe(true);
      expect(gradient).toEqual([[3, 4]]);
    });
  });

  test('is that of tfjs-node-gpu where CUDA lies beside it, and asks for products of float32', async () => {
    const withCuda = mkdtempSync(join(tmpdir(), 'native-'));
    for (const name of readdirSync(folder)) symlinkSync(join(folder, name), join(withCuda, name));
    mkdirSync(join(withCuda, 'nvidia'), { recursive: true });
    const stdout = await run(`
      import * as tf from '@tensorflow/tfjs-core';
      import { loadTensorFlow } from './dist/adapters/backends/native/loadTensorFlow.js';
      loadTensorFlow(${JSON.stringify(withCuda)});
      await tf.setBackend('tensorflow');
      console.log(JSON.stringify([tf.backend().isGPUPackage, process.env.NVIDIA_TF32_OVERRIDE]));`);
    rmSync(withCuda, { recursive: true });
    expect(JSON.parse(stdout)).toEqual([true, '0']);
  });

  test('runs in several threads at once', async () => {
    const stdout = await run(`
      import { Worker } from 'node:worker_threads';
      const work = \`
        import { parentPort } from 'node:worker_threads';
        import * as tf from '@tensorflow/tfjs-core';
        import { loadTensorFlow } from './dist/adapters/backends/native/loadTensorFlow.js';
        loadTensorFlow();
        await tf.setBackend('tensorflow');
        const ones = tf.ones([64, 64]);
        parentPort.postMessage(tf.sum(tf.matMul(ones, ones)).dataSync()[0]);\`;
      const sums = await Promise.all([1, 2].map(() => new Promise((resolve, reject) => {
        new Worker(work, { eval: true }).on('message', resolve).on('error', reject);
      })));
      console.log(JSON.stringify(sums));`);
    expect(JSON.parse(stdout)).toEqual([64 ** 3, 64 ** 3]);
  });
});
