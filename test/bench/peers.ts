import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { getBackend, type Tensor } from '@tensorflow/tfjs-core';
import type { BenchNetwork } from './networks.js';

/** What peers.py measures, in gradients of PyTorch where it says nothing else; absent where a package is not installed. */
export interface Peers {
  /** Of the network, for it must be the same one. */
  readonly loss: number;
  readonly pytorch?: {
    readonly gradientMs: number;
    readonly recording: number;
    /** H v with the graph kept. */
    readonly hessian: number;
    readonly jacobian: number;
  };
  readonly curvlinops?: { readonly hessian: number; readonly gaussNewton: number };
  readonly pyhessian?: {
    readonly topEigenvalue: number;
    readonly topProducts: number;
    readonly trace: number;
    readonly standardError: number;
    readonly samples: number;
    /** For both of them together. */
    readonly ms: number;
    readonly gradients: number;
  };
}

/**
 * Measures the peers on the very network, with as many threads as its backend has.
 *
 * @param standardError that PyHessian's trace is to reach
 * @returns nothing where there is no Python with PyTorch: SHARPSTREAM_BENCH_PYTHON, else python3
 */
export function measurePeers({ name, x, y, objective }: BenchNetwork, standardError: number): Peers | undefined {
  const python = process.env.SHARPSTREAM_BENCH_PYTHON || 'python3';
  if (spawnSync(python, ['-c', 'import torch']).status !== 0) return undefined;
  const request = {
    network: name,
    threads: getBackend() === 'tensorflow' ? availableParallelism() : 1,
    x: encoded(x),
    y: encoded(y),
    params: objective.params.map(encoded),
    standardError,
  };
  const script = fileURLToPath(new URL('../../../test/bench/peers.py', import.meta.url));
  const { status, stdout, stderr } = spawnSync(python, [script], { input: JSON.stringify(request), encoding: 'utf8' });
  if (status !== 0) throw new Error(`peers.py: ${stderr.trim().split('\n').at(-1)}`);
  return JSON.parse(stdout) as Peers;
}

export function encoded(tensor: Tensor): { shape: number[]; base64: string } {
  const { buffer, byteOffset, byteLength } = tensor.dataSync() as Float32Array;
  return { shape: tensor.shape, base64: Buffer.from(buffer, byteOffset, byteLength).toString('base64') };
}
