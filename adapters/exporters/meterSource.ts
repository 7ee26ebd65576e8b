import type { Meter, MeterProvider } from '@opentelemetry/api';

/** The user's meter provider. */
export interface FromProvider {
  /** Itself, or a function that finds it when the first value comes, for one that is set later. */
  readonly provider: MeterProvider | (() => MeterProvider);
  readonly meter?: never;
}

/** A meter of the user's own, for those who have no provider at hand. */
export interface FromMeter {
  readonly meter: Meter;
  /** Sends out what the meter has recorded; the API has no way to. */
  readonly flush: () => void | Promise<void>;
  readonly provider?: never;
}

/** Where instruments come from, and how their values are sent out at once. */
export interface MeterSource {
  readonly meter: () => Meter;
  readonly flush: () => void | Promise<void>;
}

/** @throws TypeError without a provider or a meter, or where nothing can flush. */
export function meterSource(options: FromProvider | FromMeter): MeterSource {
  if (options?.meter) {
    const { meter, flush } = options;
    if (typeof flush !== 'function')
      throw new TypeError(`openTelemetry: flush must be a function beside meter, got ${flush}`);
    return { meter: () => meter, flush };
  }
  const { provider } = options ?? {};
  if (typeof provider === 'function') return found(() => flushable(provider()));
  if (!provider) throw new TypeError('openTelemetry: give a provider, or a meter with flush; got neither');
  const checked = flushable(provider);
  return found(() => checked);
}

interface Flushable extends MeterProvider {
  forceFlush(): Promise<void>;
}

function found(provider: () => Flushable): MeterSource {
  return { meter: () => provider().getMeter('sharpstream'), flush: () => provider().forceFlush() };
}

/** The interface of the API lacks `forceFlush`; the providers of its SDK have it, and its no-op has not. */
function flushable(provider: MeterProvider): Flushable {
  if (typeof (provider as Partial<Flushable>).forceFlush === 'function') return provider as Flushable;
  throw new TypeError(
    'openTelemetry: provider must have forceFlush, and this one has not. If it is the global one of the API, set it ' +
      'first or give () => metrics.getMeterProvider(); of any other, give { meter, flush }',
  );
}
