/**
 * Puts `value` in place of a property of this one object, and returns what puts the old one back.
 *
 * A property that came from the prototype comes from it again afterwards.
 */
export function override<T extends object, K extends keyof T>(object: T, key: K, value: T[K]): () => void {
  const own = Object.getOwnPropertyDescriptor(object, key);
  Object.defineProperty(object, key, {
    value,
    configurable: true,
    enumerable: own?.enumerable ?? false,
    writable: true,
  });
  return () => {
    if (own) Object.defineProperty(object, key, own);
    else delete object[key];
  };
}

/** Runs `f` with properties overridden, and puts them back also when `f` throws. */
export function overriding<T>(put: () => readonly (() => void)[], f: () => T): T {
  const undo = put();
  try {
    return f();
  } finally {
    for (const back of [...undo].reverse()) back();
  }
}
