import { BehaviorSubject, combineLatest, map, type Observable } from 'rxjs';
import type { Scale } from '../catalogue/charts.js';
import type { View } from '../view.js';
import { palette } from './palette.js';

/** How the reader looks: the same stretch of steps and the same cursor in every chart, and a scale for each. */
export interface Gaze {
  readonly zoom: BehaviorSubject<Stretch | undefined>;
  readonly cursor: BehaviorSubject<number | undefined>;
  /** The scales that the reader has chosen, by the id of the chart. */
  readonly scales: BehaviorSubject<ReadonlyMap<string, Scale>>;
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export const createGaze = (): Gaze => ({
  zoom: new BehaviorSubject<Stretch | undefined>(undefined),
  cursor: new BehaviorSubject<number | undefined>(undefined),
  scales: new BehaviorSubject<ReadonlyMap<string, Scale>>(new Map()),
});

export const chooseScale = ({ scales }: Gaze, chart: string, scale: Scale): void =>
  scales.next(new Map(scales.value).set(chart, scale));

/** The steps that a chart shows, anew at whatever changes its picture. Without a zoom, the whole run. */
export const stretches = (views: Observable<View>, { zoom }: Gaze): Observable<Stretch> =>
  combineLatest([views, zoom, palette]).pipe(
    map(([{ run }, zoomed]) => zoomed ?? { from: run?.firstStep ?? 0, to: run?.newestStep ?? 0 }),
  );
