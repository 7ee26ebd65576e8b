import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { LEARNING_RATE } from './backendsStep.js';
import type { BenchNetwork } from './networks.js';
import { encoded } from './peers.js';

/** PyTorch with the very network, waiting for its turn. */
export interface PytorchPeer {
  /** Before its first step, for it must be the same network. */
  readonly loss: number;
  /** Of one small operation, in µs. */
  readonly dispatch: number;
  /** Milliseconds of the fastest of some training steps. */
  step(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Starts PyTorch on as many threads as TensorFlow has.
 *
 * @returns nothing where there is no Python with PyTorch: SHARPSTREAM_BENCH_PYTHON, else python3
 */
export async function pytorchPeer({ name, x, y, objective }: BenchNetwork): Promise<PytorchPeer | undefined> {
  const python = process.env.SHARPSTREAM_BENCH_PYTHON || 'python3';
  if (spawnSync(python, ['-c', 'import torch']).status !== 0) return undefined;
  const script = fileURLToPath(new URL('../../../test/bench/backendsPeer.py', import.meta.url));
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ask = async <T>(line: string): Promise<T> => {
    child.stdin.write(`${line}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('backendsPeer.py ended; what it says is above');
    return JSON.parse(value) as T;
  };
  const threads = Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism();
  const request = {
    network: name,
    threads,
    learningRate: LEARNING_RATE,
    x: encoded(x),
    y: encoded(y),
    params: objective.params.map(encoded),
  };
  const started = await ask<{ loss: number; dispatch: number }>(JSON.stringify(request));
  return {
    ...started,
    step: async () => (await ask<{ ms: number }>('')).ms,
    async close() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
