/** A function of the step that is evaluated once in each, however often the step asks. */
export function oncePerStep<T>(f: (step: number) => T): (step: number) => T {
  let last: { readonly step: number; readonly value: T } | undefined;
  return (step) => {
    if (last?.step !== step) last = { step, value: f(step) };
    return last.value;
  };
}
