import type { Disposable } from './recording.js';

/** Uses a record once, and frees it. */
export function withRecord<T extends Disposable, R>(record: T, use: (record: T) => R): R {
  try {
    return use(record);
  } finally {
    record.dispose();
  }
}
