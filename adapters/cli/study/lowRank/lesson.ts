import { add, div, matMul, norm, relu, sign, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { gaussian } from '../randomMatrix.js';
import type { Examples } from './examples.js';

/** Inputs of the problem, and units of the teacher. */
const D = 3;

/** What a student learns from, and what tells whether it has. */
export type Lesson = { readonly seen: Examples; readonly unseen: Examples };

/**
 * What a network of three ReLU says of points on the sphere in three dimensions: y = Σⱼ ±ReLU(⟨wⱼ, x⟩ + bⱼ) + c with
 * ‖wⱼ‖ = 1, b and c N(0, 1).
 */
export function lesson(draw: () => number, seen: number, unseen: number): Lesson {
  return tidy(() => {
    const w = unitLength(gaussian(draw, [D, D], 1), 0);
    const b = gaussian(draw, [1, D], 1);
    const a = sign(gaussian(draw, [D, 1], 1));
    const c = gaussian(draw, [1, 1], 1);
    const examples = (count: number): Examples => {
      const x = unitLength(gaussian(draw, [count, D], 1), 1);
      return { x, y: add(matMul(relu(add(matMul(x, w), b)), a), c) };
    };
    return { seen: examples(seen), unseen: examples(unseen) };
  });
}

/** Vectors along an axis, each divided by its length. */
const unitLength = (vectors: Tensor2D, axis: number): Tensor2D => div(vectors, norm(vectors, 2, axis, true));
