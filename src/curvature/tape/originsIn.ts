import { Identity, Reshape } from '@tensorflow/tfjs-core';
import type { TapeNode } from './tape.js';

/** The id of what a tensor is a clone of: tfjs clones every operand, and what it keeps for the way back. */
export const originsIn = (nodes: readonly TapeNode[]): ((x: { readonly id: number }) => number) =>
  through(nodes, [Identity]);

/** The id of what holds the numbers of a tensor first, in whatever shape. */
export const numbersIn = (nodes: readonly TapeNode[]): ((x: { readonly id: number }) => number) =>
  through(nodes, [Identity, Reshape]);

function through(nodes: readonly TapeNode[], kernels: readonly string[]): (x: { readonly id: number }) => number {
  const origins = new Map<number, number>();
  for (const { kernelName, inputs, outputs } of nodes) {
    const { x } = inputs;
    if (kernels.includes(kernelName) && x) origins.set(outputs[0]!.id, origins.get(x.id) ?? x.id);
  }
  return ({ id }) => origins.get(id) ?? id;
}
