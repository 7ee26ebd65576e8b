import {
  animationFrameScheduler,
  asyncScheduler,
  auditTime,
  defer,
  map,
  merge,
  type Observable,
  type SchedulerLike,
  shareReplay,
  startWith,
  tap,
} from 'rxjs';
import { arrange, type Panel } from './catalogue/arrange.js';
import type { Signal } from './connect.js';
import { createBoard, latestRun, type RunRecord, take } from './data/board.js';

export type Link =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  | { readonly state: 'lost'; readonly attempt: number; readonly retryAt: number };

/** What the page shows: one run of all that are known, and how it comes here. */
export interface View {
  readonly link: Link;
  /** When the last frame came, in milliseconds of the clock; 0 before the first. */
  readonly heard: number;
  readonly runs: readonly RunRecord[];
  readonly run: RunRecord | undefined;
  /** The same value until a stream is added. */
  readonly panel: Panel;
}

export interface ViewOptions {
  /** When to draw; an animation frame by default. */
  readonly frame?: SchedulerLike;
  readonly clock?: () => number;
}

/**
 * Folds the signals of a connection into views, at most one for each animation frame however many frames arrive.
 *
 * Shows the run that began last until `chosen` emits the id of another.
 */
export function view(
  signals: Observable<Signal>,
  chosen: Observable<string>,
  { frame = animationFrameScheduler, clock = () => asyncScheduler.now() }: ViewOptions = {},
): Observable<View> {
  return defer(() => {
    const board = createBoard();
    const arranged = remembered(arrange, ({ streams }) => streams.length + streams.filter((s) => s.points).length);
    let link: Link = { state: 'connecting' };
    let heard = 0;
    let choice: string | undefined;
    const folded = signals.pipe(
      tap((signal) => {
        if (signal.kind === 'frame') {
          take(board, signal.frame);
          heard = clock();
          link = { state: 'live' };
        } else link = { state: 'lost', attempt: signal.attempt, retryAt: signal.retryAt };
      }),
    );
    const picked = chosen.pipe(tap((id) => (choice = id)));
    return merge(folded, picked).pipe(
      auditTime(0, frame),
      startWith(undefined),
      map((): View => {
        const run = board.runs.get(choice ?? '') ?? latestRun(board);
        return { link, heard, runs: [...board.runs.values()], run, panel: run ? arranged(run) : NOTHING };
      }),
    );
  }).pipe(shareReplay({ bufferSize: 1, refCount: true }));
}

const NOTHING: Panel = { overview: [], others: [] };

/** `make` of the streams of a run, made anew when the run is another one or `size` has changed. */
function remembered(make: (streams: RunRecord['streams']) => Panel, size: (run: RunRecord) => number) {
  let of: RunRecord | undefined;
  let made = NOTHING;
  let madeAt = -1;
  return (run: RunRecord): Panel => {
    if (run !== of || size(run) !== madeAt) {
      of = run;
      madeAt = size(run);
      made = make(run.streams);
    }
    return made;
  };
}
