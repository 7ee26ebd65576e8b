/** Gives a function the name that states and errors call it by, also where a bundler shortens the names in a program. */
export const named = <F extends (...args: never[]) => unknown>(name: string, f: F): F =>
  Object.defineProperty(f, 'name', { value: name });
