import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { random } from '../../src/core/random.js';

/** Has each test of a file run on cpu, with the random stream of training at its beginning, and leave no tensor. */
export function seededOnCpu(): void {
  beforeAll(() => tf.setBackend('cpu'));
  beforeEach(() => {
    vi.spyOn(Math, 'random').mockImplementation(random(1));
    tf.engine().startScope();
  });
  afterEach(() => {
    tf.engine().endScope();
    vi.restoreAllMocks();
  });
}
