import type { Sink } from '../../src/core/watching.js';
import type { OpenSocket, Socket } from './keptSocket.js';
import { lineSink } from './lineSink.js';
import { socketLine } from './socketLine.js';
import { trainerAddress } from './trainerAddress.js';

/** What {@link remoteDashboard} takes. */
export interface RemoteDashboardOptions {
  /**
   * The address of the dashboard as it was printed, token included. Whoever can load the page can read it there, and look at
   * all that the hub shows: pages for others are better named by their origin. Default: http://127.0.0.1:6070/
   */
  readonly url?: string | URL;
  /** Milliseconds that the end of a run may wait until all has arrived. Default 2000. */
  readonly flushWithin?: number;
}

export interface RemoteDashboardSink extends Sink {
  /** Measurements lost because the hub was away or could not keep up; published as `sink.dropped` as well. */
  dropped(): number;
}

/**
 * Shows runs of a page on a dashboard that is served elsewhere, by WebSocket; it keeps and shows them as its own.
 *
 * A hub that is away or slow never holds up training: up to 16,384 measurements wait for it, then the oldest are dropped and
 * counted. A broken connection is one failure of the run; it is made again by itself, after half a second at first and
 * ten at most, and what had not been sent follows. One sink may serve several runs.
 *
 * The hub must let the page in: `dashboard({ trainers: ['http://localhost:5173'] })` names its origin, or the page brings the
 * hub's token in `url`.
 *
 * - Cost: `write` encodes its measurements and sends them, tens of microseconds. What a loop measures that never yields
 *   reaches the hub when it does.
 *
 * @throws TypeError if the url is not one; RangeError if flushWithin is negative; Error where there is no WebSocket.
 *
 * @example
 * const run = instrument(model, { sinks: [remoteDashboard({ url: 'http://127.0.0.1:6070/' })] });
 */
export function remoteDashboard(options: RemoteDashboardOptions = {}): RemoteDashboardSink {
  const { url = 'http://127.0.0.1:6070/', flushWithin = 2000 } = options;
  if (!(flushWithin >= 0)) {
    throw new RangeError(`remoteDashboard: flushWithin must be >= 0 milliseconds, got ${flushWithin}`);
  }
  const settings = { url: trainerAddress(NAME, url), open: webSocket(), flushWithin };
  const { line: _, ...sink } = lineSink({
    name: NAME,
    lineTo: (failed) => socketLine(settings, failed),
    flushWithin,
  });
  return sink;
}

const NAME = 'remoteDashboard';

function webSocket(): OpenSocket {
  const { WebSocket } = globalThis as { WebSocket?: new (url: URL) => Socket };
  if (!WebSocket) throw new Error(`${NAME}: there is no WebSocket here; a browser has one, and Node from 22 on`);
  return (url) => new WebSocket(url);
}
