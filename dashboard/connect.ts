import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  EMPTY,
  map,
  NEVER,
  type Observable,
  of,
  race,
  repeat,
  type SchedulerLike,
  tap,
  timer,
} from 'rxjs';
import type { Frame } from '../proto/codec.js';

/** What a connection that never gives up has to say: a frame, or that it is lost and will be tried again. */
export type Signal =
  | { readonly kind: 'frame'; readonly frame: Frame }
  /** `retryAt` in milliseconds of the scheduler's clock; `attempt` counts from 1 since the last frame. */
  | { readonly kind: 'lost'; readonly attempt: number; readonly retryAt: number };

export interface ConnectOptions {
  /** Emits when waiting is pointless, since somebody asks to try at once. */
  readonly now?: Observable<unknown>;
  readonly scheduler?: SchedulerLike;
}

/** Milliseconds before attempt n = 1, 2, …: half a second, doubled each time, at most ten seconds. */
export const backOff = (attempt: number): number => Math.min(10_000, 500 * 2 ** (attempt - 1));

/**
 * Keeps a connection: opens it, passes its frames on, and after each end or error waits and opens it again.
 *
 * The wait is `backOff(attempt)`; a frame that arrives sets the count back. Never errors and never completes.
 */
export function connect(open: () => Observable<Frame>, options: ConnectOptions = {}): Observable<Signal> {
  const { now = NEVER, scheduler = asyncScheduler } = options;
  return defer(() => {
    let attempt = 0;
    const frames = defer(open).pipe(
      tap(() => {
        attempt = 0;
      }),
      map((frame): Signal => ({ kind: 'frame', frame })),
      catchError(() => EMPTY),
    );
    const lost = defer(() => {
      attempt += 1;
      return of<Signal>({ kind: 'lost', attempt, retryAt: scheduler.now() + backOff(attempt) });
    });
    return concat(frames, lost).pipe(repeat({ delay: () => race(timer(backOff(attempt), scheduler), now) }));
  });
}
