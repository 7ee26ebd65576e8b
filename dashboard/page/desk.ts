import type { Observable } from 'rxjs';
import { getContext } from 'svelte';
import type { Gaze } from '../chart/gaze.js';
import type { View } from '../view.js';

/** What every part of the page shares. */
export interface Desk {
  /** One for each animation frame in which something arrived: for drawings. */
  readonly views: Observable<View>;
  /** The same at a pace at which digits can be read. */
  readonly readings: Observable<View>;
  /** Milliseconds since 1970, a few times a second. */
  readonly clock: Observable<number>;
  readonly gaze: Gaze;
  choose(run: string): void;
  /** Stops waiting and connects again at once. */
  reconnect(): void;
}

const DESK = Symbol('desk');

/** The context to mount the page with. */
export const deskContext = (desk: Desk): Map<symbol, Desk> => new Map([[DESK, desk]]);

export const useDesk = (): Desk => getContext(DESK);
