import { isObservable, Observable, type Observer, type Subscriber, type Subscription, type UnaryFunction } from 'rxjs';
import { patience } from './patience.js';
import type { Ledger } from './watching.js';

/**
 * The same stream, whose subscribers cannot end the program.
 *
 * RxJS 7 throws what a subscriber threw once more, from a timer, where nothing can catch it, and Node exits. Here it
 * becomes a failure of the run, and the third in a row ends the subscription. A subscriber that returns a promise throws
 * by rejecting it. What an operator throws goes to the subscriber's `error`, and is a failure if there is none.
 *
 * What `pipe` makes is guarded too, whatever the operators. A stream made of several by a function (`combineLatest`) is
 * not, and neither is one that is an item of another (`groupBy`), unless it is made one again (`mergeMap`).
 *
 * @param source names the stream in failures.
 */
export function guarded<T>(stream: Observable<T>, source: string, failed: Ledger['failed']): Observable<T> {
  const shown = new Observable<T>((subscriber) => stream.subscribe(subscriber));
  const subscribe: (observer: Observer<T>) => Subscription = shown.subscribe.bind(shown);
  return Object.assign(shown, {
    pipe: (...operators: UnaryFunction<unknown, unknown>[]): unknown => {
      const piped = operators.reduce<unknown>((from, operator) => operator(from), shown);
      return isObservable(piped) ? guarded(piped, source, failed) : piped;
    },
    subscribe: (listener?: Listener<T> | Listener<T>['next'], ...rest: Callbacks): Subscription =>
      isSubscriber(listener)
        ? subscribe(listener)
        : patiently(subscribe, listenerOf(listener, ...rest), source, failed),
  });
}

/** What subscribes with an observer, and survives what the listener throws. */
function patiently<T>(
  subscribe: (observer: Observer<T>) => Subscription,
  listener: Listener<T>,
  source: string,
  failed: Ledger['failed'],
): Subscription {
  const health = patience(source);
  let subscription: Subscription | undefined;
  const threw = (error: unknown): void => {
    health.failed(error, failed);
    if (health.over()) subscription?.unsubscribe();
  };
  const attempt = (call: () => unknown): void => {
    try {
      const result = call();
      if (result instanceof Promise) result.then(health.worked, threw);
      else health.worked();
    } catch (error) {
      threw(error);
    }
  };
  subscription = subscribe({
    next: (value) => {
      if (!health.over()) attempt(() => listener.next?.(value));
    },
    error: (error) => (listener.error ? attempt(() => listener.error?.(error)) : failed(source, error)),
    complete: () => attempt(() => listener.complete?.()),
  });
  // It may have failed on what it was sent while subscribing.
  if (health.over()) subscription.unsubscribe();
  return subscription;
}

/** What `subscribe` takes, in either of its forms; a listener that returns a promise is waited for. */
interface Listener<T> {
  next?: ((value: T) => unknown) | null | undefined;
  error?: ((error: unknown) => unknown) | null | undefined;
  complete?: (() => unknown) | null | undefined;
}

type Callbacks = [error?: Listener<never>['error'], complete?: Listener<never>['complete']];

const listenerOf = <T>(
  listener: Listener<T> | Listener<T>['next'],
  error?: Callbacks[0],
  complete?: Callbacks[1],
): Listener<T> =>
  typeof listener === 'function' ? { next: listener, error, complete } : (listener ?? { error, complete });

/** Of an operator or a promise: it carries errors on, and must be told from what ends a pipe. */
const isSubscriber = (listener: object | null | undefined): listener is Subscriber<unknown> =>
  listener !== null && listener !== undefined && 'next' in listener && 'add' in listener;
