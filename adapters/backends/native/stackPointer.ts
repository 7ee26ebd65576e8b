import type { Mend } from './mend.js';

/**
 * Keeps the stack pointer on the stack in products of matrices, which a signal breaks otherwise.
 *
 * oneDNN, a part of TensorFlow, multiplies float32 by code that it generates. That code packs a slice of a matrix into
 * a buffer, on the stack if the slice is no deeper than a limit, else in the heap; and there it sets the stack pointer
 * to the heap. The handler of a signal that comes meanwhile runs on that, over whatever lies below: the process aborts
 * (`corrupted size vs. prev_size`) or goes on with wrong weights. A profiler sends a thousand signals a second
 * (`node --cpu-prof`); a child process that ends, Ctrl-C where it is handled and a resized terminal send one.
 *
 * oneDNN 3.11.2 has it mended (https://github.com/uxlfoundation/oneDNN/issues/4845); TensorFlow 2.16.2 holds an older
 * one. Here the limits are raised to the depth of the deepest slice, so that none is packed into the heap; results and
 * times stay what they were. With AVX2 the limit is a room on the stack over 64 bytes: 15.75 kB make 252, 16 kB the 256
 * that are needed. With AVX-512 it is 84, in three kinds of code, and 384 are needed, 72 kB.
 *
 * @param room where in the library the room is, by which code for AVX2 is generated.
 * @param limits where those for AVX-512 are.
 */
export const stackPointer = (room: number, limits: readonly number[]): readonly Mend[] => [
  { file: LIBRARY, offset: room, was: '003f', is: '0040' },
  ...limits.map((offset) => ({ file: LIBRARY, offset, was: '54000000', is: '80010000' })),
];

const LIBRARY = 'tensorflow/libtensorflow_cc.so.2';
