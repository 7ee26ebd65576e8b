import type { Mend } from './mend.js';

/**
 * Keeps the stack pointer on the stack in products of matrices, which a signal breaks otherwise.
 *
 * oneDNN, a part of TensorFlow, multiplies float32 by code that it generates. That code packs a slice of a matrix into
 * a buffer, on the stack if the slice is no deeper than a limit, else in the heap; and then it sets the stack pointer
 * into the heap. The handler of a signal that comes meanwhile writes over whatever lies below: the process aborts
 * (`corrupted size vs. prev_size`) or goes on with wrong weights. A profiler sends a thousand signals a second
 * (`node --cpu-prof`); a child process that ends, Ctrl-C where it is handled and a resized terminal send one.
 *
 * oneDNN has done so from 2.6 on and was mended in 3.11.2 (https://github.com/uxlfoundation/oneDNN/issues/4845);
 * TensorFlow 2.16.2 holds 3.3.4. Here the limits are raised to the depth of the deepest slice, so that none is packed
 * into the heap; results and times stay what they were. With AVX2 the limit is a room in bytes over the 64 of a row:
 * 16128 make 252, 16384 the 256 that are needed. With AVX-512 it is a number, 84, in three places; 384 are needed, and
 * take 72 kB of the stack.
 *
 * @param room where in the library that room is.
 * @param limits where those three numbers are.
 */
export const stackPointer = (room: number, limits: readonly number[]): readonly Mend[] => [
  { file: LIBRARY, offset: room, was: '003f', is: '0040' },
  ...limits.map((offset) => ({ file: LIBRARY, offset, was: '54000000', is: '80010000' })),
];

const LIBRARY = 'tensorflow/libtensorflow_cc.so.2';
