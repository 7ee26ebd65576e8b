/** A value in the words of an error: the elements of a list, the names in an object, the name of a function. */
export const describe = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`;
  if (typeof value === 'function') return `the function ${value.name || 'without a name'}`;
  return isObject(value) ? `{ ${Object.keys(value).join(', ')} }` : String(value);
};

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
