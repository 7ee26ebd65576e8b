import { BehaviorSubject, combineLatest, map, type Observable } from 'rxjs';
import type { View } from '../view.js';
import { palette } from './palette.js';

/** Where the reader looks, the same in every chart: the stretch of steps zoomed to, and the step under the cursor. */
export interface Gaze {
  readonly zoom: BehaviorSubject<Stretch | undefined>;
  readonly cursor: BehaviorSubject<number | undefined>;
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export const createGaze = (): Gaze => ({
  zoom: new BehaviorSubject<Stretch | undefined>(undefined),
  cursor: new BehaviorSubject<number | undefined>(undefined),
});

/** The steps that a chart shows, anew at whatever changes its picture. Without a zoom, the whole run. */
export const stretches = (views: Observable<View>, { zoom }: Gaze): Observable<Stretch> =>
  combineLatest([views, zoom, palette]).pipe(
    map(([{ run }, zoomed]) => zoomed ?? { from: run?.firstStep ?? 0, to: run?.newestStep ?? 0 }),
  );
