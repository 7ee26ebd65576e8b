import {
  add,
  cast,
  div,
  dropout,
  expandDims,
  gather,
  matMul,
  mean,
  mul,
  notEqual,
  randomNormal,
  relu,
  reshape,
  rsqrt,
  softmax,
  split,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import type { Mode } from '../../../../src/core/objective.js';
import { PADDING } from './vocabulary.js';

/** The sizes of a {@link transformer}. */
export interface TransformerSize {
  readonly words: number;
  readonly length: number;
  /** Numbers that stand for a word. */
  readonly width: number;
  /** Units between the two layers of the part without attention. */
  readonly hidden: number;
  readonly classes: number;
}

/** A network, its weights apart from what it does with them. */
export interface Transformer {
  readonly params: readonly Variable[];
  /** Logits `[n, classes]` of the numbers of words `[n, length]`. */
  logits(words: Tensor2D, mode: Mode): Tensor2D;
  dispose(): void;
}

/** The share of words that is dropped in training. */
const DROPPED = 0.1;

/**
 * One block of a transformer that reads words and tells of which class they are.
 *
 *     h = E[words] + P;  h ← h + A(N(h));  h ← h + M(N(h));  logits = mean(h) W
 *
 * A is attention of one head, M two layers with ReLU between them, N brings each word to a mean square of 1; in training whole
 * words are dropped from E[words] + P. Padding is not attended to, and not in the mean. No biases, and a norm before each part,
 * as in T5; places are learned. `draw` seeds the weights.
 *
 * @see Vaswani et al. 2017, arXiv 1706.03762; Raffel et al. 2020, arXiv 1910.10683
 */
export function transformer(size: TransformerSize, draw: () => number): Transformer {
  const w = weights(size, draw);
  return {
    params: Object.values(w),
    logits(words, mode) {
      const there = cast(notEqual(words, PADDING), 'float32');
      let h = add(gather(w.words, words), w.places);
      if (mode === 'training') h = dropout(h, DROPPED, [...words.shape, 1]);
      h = add(h, attention(normalized(h), there, w));
      h = add(h, byWord(relu(byWord(normalized(h), w.up)), w.down));
      const mean = div(sum(mul(h, expandDims(there, 2)), 1), sum(there, 1, true));
      return matMul(mean as Tensor2D, w.out as Tensor2D);
    },
    dispose() {
      for (const one of Object.values(w)) one.dispose();
    },
  };
}

type Weights = Readonly<Record<ReturnType<typeof shapes>[number][0], Variable>>;

/** Of each weight its shape, and the standard deviation that it begins with. */
const shapes = ({ words, length, width, hidden, classes }: TransformerSize) =>
  [
    ['words', [words, width], WORD],
    ['places', [length, width], WORD],
    ['asked', [width, 3 * width], 1 / Math.sqrt(width)],
    ['mixed', [width, width], 1 / Math.sqrt(width)],
    ['up', [width, hidden], Math.sqrt(2 / width)],
    ['down', [hidden, width], 1 / Math.sqrt(hidden)],
    ['out', [width, classes], 1 / Math.sqrt(width)],
  ] as const;

const WORD = 0.1;

function weights(size: TransformerSize, draw: () => number): Weights {
  const begin = ([name, shape, stddev]: ReturnType<typeof shapes>[number]) => {
    // tfjs takes a seed of 0 for none.
    return [name, variable(randomNormal([...shape], 0, stddev, 'float32', 1 + draw()))];
  };
  return Object.fromEntries(shapes(size).map(begin)) as Weights;
}

/** x `[n, length, width]` by a matrix, each word by itself. */
function byWord(x: Tensor, matrix: Tensor): Tensor {
  const [n, length, width] = x.shape as [number, number, number];
  const out = matMul(reshape(x, [n * length, width]) as Tensor2D, matrix as Tensor2D);
  return reshape(out, [n, length, -1]);
}

/** Each word gets what it finds in the others: softmax(q kᵀ/√width) v, mixed. */
function attention(x: Tensor, there: Tensor, w: Weights): Tensor {
  const [q, k, v] = split(byWord(x, w.asked), 3, 2) as [Tensor, Tensor, Tensor];
  const padded = mul(sub(expandDims(there, 1), 1), FAR);
  const scores = add(mul(matMul(q, k, false, true), 1 / Math.sqrt(x.shape[2]!)), padded);
  return byWord(matMul(softmax(scores), v), w.mixed);
}

/** A score so low that its share is 0 in float32. */
const FAR = 1e9;

const normalized = (x: Tensor): Tensor => mul(x, rsqrt(add(mean(square(x), -1, true), EPSILON)));

const EPSILON = 1e-6;
