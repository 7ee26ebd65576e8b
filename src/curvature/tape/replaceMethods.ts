/** Gives an object methods of its own over those it has; the returned function takes them off again. */
export function replaceMethods<T extends object>(object: T, methods: Partial<T>): () => void {
  const before = Object.keys(methods).map((name) => [name, Object.getOwnPropertyDescriptor(object, name)] as const);
  Object.assign(object, methods);
  return () => {
    for (const [name, own] of before) {
      if (own) Object.defineProperty(object, name, own);
      else Reflect.deleteProperty(object, name);
    }
  };
}
