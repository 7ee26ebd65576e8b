import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { chooseBackend } from '../../adapters/backends/chooseBackend.js';
import { rankRow } from './backendsRank.js';
import { tensorflowRows } from './backendsTensorflow.js';
import { wasmRows } from './backendsWasm.js';
import type { Row } from './row.js';

/**
 * What backends take: that which runs, and wasm beside it.
 *
 * @throws Error on cpu, of which nothing is claimed.
 */
export async function backends(): Promise<Row[]> {
  const running = getBackend();
  if (running !== 'tensorflow' && running !== 'wasm')
    throw new Error(`bench backends: give --backend tensorflow or wasm, got ${running}`);
  const native = running === 'tensorflow' ? [rankRow(), ...(await tensorflowRows())] : [];
  await chooseBackend('wasm');
  const rows = [...native, rankRow(), ...wasmRows()];
  await setBackend(running);
  return rows;
}
