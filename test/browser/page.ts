import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { remoteDashboard, repairWasm } from 'sharpstream/browser';
import { type Data, type NetworkName, type Trained, train } from './training.js';

/** What the test asks of the page. */
export interface Asked {
  readonly backend: string;
  /** Of tfjs. */
  readonly flags: Readonly<Record<string, boolean>>;
  readonly network: NetworkName;
  readonly data: Data;
  /** The run's. */
  readonly name: string;
  /** The address of the hub. */
  readonly hub: string;
}

async function trainHere({ backend, flags, network, data, name, hub }: Asked): Promise<Trained> {
  for (const [flag, value] of Object.entries(flags)) tf.env().set(flag, value);
  setWasmPaths('/');
  repairWasm();
  await tf.setBackend(backend);
  await tf.ready();
  return train(network, data, name, [remoteDashboard({ url: hub })]);
}

Object.assign(globalThis, { trainHere });
