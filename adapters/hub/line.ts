import type { Outbox } from './outbox.js';

/** The line from a training loop to a hub: what waits, and when it is sent. */
export interface Line {
  readonly box: Outbox;
  /** Begins to reach the hub, if it has not. */
  connect(): void;
  /** Asked to reach the hub, and not given up. */
  up(): boolean;
  /** The hub is reached and keeps up: what is sent now goes out now. */
  open(): boolean;
  /** Sends what waits if the hub keeps up; else a little later if the loop yields, or with what comes next. */
  send(): void;
  /** Resolves, true, when all that waited has arrived or the line is not up; false if that takes too long. */
  flush(): Promise<boolean>;
  /** Ends the line. What has not been sent is lost: flush before. */
  close(): Promise<void>;
}

/** Kept for a hub that does not keep up: half a megabyte of measurements. */
export const BOUNDS = { rows: 16_384, points: 32, events: 256 };

/** How often a line looks whether a hub that did not keep up does now. */
export const RETRY_MS = 50;
