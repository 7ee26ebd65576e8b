import { add, profile, scalar, tidy } from '@tensorflow/tfjs-core';
import { pytorchPeer } from './backendsPeer.js';
import { trainingStep } from './backendsStep.js';
import { type BenchNetwork, convnet, mlp } from './networks.js';
import { timed } from './pairs.js';
import { type Median, median, type Peer, type Row, row } from './row.js';

/** Of PyTorch's time. */
const BOUNDS: Readonly<Record<BenchNetwork['name'], number>> = { mlp: 1.6, convnet: 1.2 };

const ROUNDS = 5;
const WARM_UP = 5;
const STEPS = 20;

/** Training steps beside those of PyTorch, and how much of them goes into calling kernels. */
export async function tensorflowRows(): Promise<Row[]> {
  const kernel = dispatchUs();
  const [onMlp, onConvnet] = [await measure(mlp()), await measure(convnet())];
  return [
    row('tensorflow: a kernel with nothing to do', 'µs', kernel, undefined, peer(onMlp.dispatch)),
    ...rowsOf(onMlp, kernel.value),
    ...rowsOf(onConvnet, kernel.value),
  ];
}

interface Measured {
  readonly name: BenchNetwork['name'];
  /** Milliseconds of a step, by turns. */
  readonly ours: readonly number[];
  /** Those of PyTorch; empty where there is none. */
  readonly theirs: readonly number[];
  readonly dispatch: number | undefined;
  readonly kernels: number;
}

async function measure(network: BenchNetwork): Promise<Measured> {
  const { name } = network;
  const pytorch = await pytorchPeer(network);
  const step = trainingStep(network);
  const loss = step();
  if (pytorch) agree(name, loss, pytorch.loss);
  const { kernels } = await profile(() => void step());
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let i = 0; i < ROUNDS; i++) {
    ours.push(fastest(step));
    if (pytorch) theirs.push(await pytorch.step());
  }
  await pytorch?.close();
  return { name, ours, theirs, dispatch: pytorch?.dispatch, kernels: kernels.length };
}

function rowsOf({ name, ours, theirs, kernels }: Measured, kernel: number): Row[] {
  const title = `tensorflow: ${name}, a training step`;
  const ms = median(ours);
  const share = (kernel * kernels) / 1000 / ms.value;
  return [
    row(title, 'ms', ms, undefined, peer(theirs.length > 0 ? median(theirs).value : undefined)),
    ...(theirs.length > 0
      ? [row(`${title}, over PyTorch's`, 'time', median(ours.map((time, i) => time / theirs[i]!)), BOUNDS[name])]
      : []),
    row(`${title}, calling its ${kernels} kernels`, 'of it', { value: share }),
  ];
}

const peer = (PyTorch: number | undefined): Peer | undefined => (PyTorch === undefined ? undefined : { PyTorch });

/** @throws Error if PyTorch was given another network. */
function agree(name: string, ours: number, theirs: number): void {
  if (Math.abs(ours - theirs) <= 1e-4 * Math.abs(theirs)) return;
  throw new Error(`bench backends: the loss of ${name} is ${ours}, and ${theirs} in PyTorch`);
}

/** A slow moment of the machine lengthens steps, and nothing shortens them. */
function fastest(step: () => unknown): number {
  for (let i = 0; i < WARM_UP; i++) step();
  return Math.min(...Array.from({ length: STEPS }, () => timed(step)));
}

/** What a kernel takes from the call to its tensor: the sum of two scalars. */
function dispatchUs(): Median {
  let sums: number[] = [];
  tidy(() => {
    const one = scalar(1);
    sums = Array.from({ length: 5000 }, () => timed(() => add(one, one)));
  });
  return median(sums.map((ms) => 1000 * ms));
}
