import { engine } from '@tensorflow/tfjs-core';

/** Runs `f`, frees the tensors it made, and returns its plain result; `tidy` would search that for tensors, number by number. */
export function scoped<T>(f: () => T): T {
  engine().startScope();
  try {
    return f();
  } finally {
    engine().endScope();
  }
}
