import { availableParallelism } from 'node:os';
import { backend, matMul, randomNormal, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Precision } from '../../src/curvature/checks/precision.js';
import { chooseBackend } from './chooseBackend.js';
import type { NodeBackend } from './native/nodeBackend.js';
import { repairWasm } from './repairWasm.js';
import { type SecondOrder, trySecondOrder } from './trySecondOrder.js';

/** A backend that starts: what it is, how fast, how exact. */
export interface Examination {
  readonly name: string;
  /** What brought it. */
  readonly why: string;
  readonly version: string;
  readonly threads: number;
  readonly precision: Precision;
  /** 10⁹ operations a second in a product of two matrices: the best within a second. */
  readonly gflops: number;
  readonly secondOrder: SecondOrder;
}

/** What sets one backend apart from another. */
interface Known {
  version(): Promise<string>;
  readonly threads: () => number;
  /** Rows of the matrices it is timed on. */
  readonly size: number;
}

const KNOWN: Readonly<Record<string, Known>> = {
  tensorflow: {
    async version() {
      const { binding, isUsingGpuDevice } = backend() as NodeBackend;
      return isUsingGpuDevice ? `${binding.TF_Version}, on a GPU` : binding.TF_Version;
    },
    threads: () => Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism(),
    size: 1024,
  },
  // On Node tfjs-wasm cannot start its workers.
  wasm: {
    version: async () => (await import('@tensorflow/tfjs-backend-wasm')).version_wasm,
    threads: () => 1,
    size: 1024,
  },
  cpu: {
    version: async () => (await import('@tensorflow/tfjs-backend-cpu')).version_cpu,
    threads: () => 1,
    size: 256,
  },
};

/** The backends that `examineBackend` knows, the fastest first. */
export const examinedBackends: readonly string[] = Object.keys(KNOWN);

/**
 * Starts a backend and examines it, as the commands use it: wasm is repaired. Takes a second or two.
 *
 * The program must have registered the gradients of tfjs, as importing tfjs-layers does.
 *
 * @throws Error if the backend is unknown, not there or does not start.
 */
export async function examineBackend(name: string): Promise<Examination> {
  const known = KNOWN[name];
  if (!known)
    throw new RangeError(`examineBackend: unknown backend '${name}'; give one of ${examinedBackends.join(', ')}`);
  const { why, precision } = await chooseBackend(name);
  if (name === 'wasm') repairWasm();
  return {
    name,
    why,
    version: await known.version(),
    threads: known.threads(),
    precision,
    gflops: gflops(known.size),
    secondOrder: trySecondOrder(),
  };
}

function gflops(size: number): number {
  const [a, b] = [1, 2].map((seed) => randomNormal([size, size], 0, 1, 'float32', seed)) as [Tensor2D, Tensor2D];
  const product = (): number => {
    const started = performance.now();
    const made = matMul(a, b);
    made.dataSync();
    made.dispose();
    return performance.now() - started;
  };
  let best = product();
  for (const end = performance.now() + 1000; performance.now() < end; ) best = Math.min(best, product());
  a.dispose();
  b.dispose();
  return (2 * size ** 3) / (1e6 * best);
}
