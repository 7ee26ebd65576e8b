import type { Event } from '../../proto/codec.js';
import type { Measurement, RunInfo, Sink } from '../../src/core/types.js';
import { type Catalogue, catalogue } from './catalogue.js';
import { isLoopback } from './door.js';
import { type HubThread, type HubThreadOptions, hubThread } from './hubThread.js';
import { type Outbox, outbox } from './outbox.js';

export interface DashboardOptions {
  /** 0 for any that is free. Default 6070. */
  readonly port?: number;
  /** Default 127.0.0.1: this machine only. Any other address needs a token. */
  readonly host?: string;
  /** What a viewer must bring, at least 16 characters; it is part of `url()`. */
  readonly token?: string;
  /** While the port is in use, take one of the next ten instead. Default false: a Failure, and training goes on unwatched. */
  readonly fallback?: boolean;
  /** A page of your own. */
  readonly pageDirectory?: string;
  /** Where worker.js of this package is, for programs that a bundler has made. */
  readonly workerUrl?: URL | string;
  /** Milliseconds that the end of a run, or of the process, may wait until all has gone out. Default 2000. */
  readonly flushWithin?: number;
}

export interface DashboardSink extends Sink {
  /** Where to look. Starts the hub if no run has; rejects if it cannot serve. */
  url(): Promise<string>;
  /** Measurements lost because the hub could not keep up; published as `sink.dropped` as well. */
  dropped(): number;
  /** Goes on serving after the last run has ended, until the returned function is called. */
  hold(): () => Promise<void>;
}

/** Ports tried after the first with `fallback`. */
const ALTERNATIVES = 10;

/** Posts of a step that may be on their way to the worker, about 1 kB each; past it measurements wait here, within bounds. */
const WINDOW = 512;
const BOUNDS = { rows: 16_384, points: 32, events: 256 };
const SERIES_OF_A_RUN = 2048;

/** How soon to try again, if the loop yields, when the worker has been too far behind. */
const RETRY_MS = 50;

/**
 * Shows runs live in the browser.
 *
 * The hub runs in a worker thread, so that it answers although the training loop never yields. One sink may serve several runs,
 * at once or one after the other. `write` costs one `postMessage`; when the worker falls behind, the oldest
 * measurements are dropped and counted. On `exit` of the process what is left is posted and awaited, within a limit.
 *
 * @throws RangeError if the port is not one, or if an address other than this machine comes without a token.
 *
 * @example
 * const board = dashboard();
 * const run = instrument(model, { metrics: [gradientNorm()], sinks: [board] });
 * console.log(await board.url());
 */
export function dashboard(options: DashboardOptions = {}): DashboardSink {
  const settings = checked(options);
  const box = outbox(BOUNDS);
  const runs = new Map<string, OpenRun>();
  let ids = 0;
  let holds = 0;
  let thread: HubThread | undefined;
  let retry: NodeJS.Timeout | undefined;

  function start(): HubThread {
    if (thread) return thread;
    thread = hubThread(settings, (error) => {
      void stop();
      for (const { failed } of runs.values()) failed(error);
    });
    process.once('exit', leaveNow);
    return thread;
  }

  async function stop(): Promise<void> {
    const stopped = thread;
    thread = undefined;
    process.off('exit', leaveNow);
    await stopped?.close();
  }

  /** Posts what waits if the worker keeps up, else a little later if the loop yields, or with what comes next. */
  function send(): void {
    thread?.poll();
    if (!thread || box.empty) return;
    if (thread.hasRoom()) thread.post(box.take());
    else if (!retry) retry = setTimeout(sendAgain, RETRY_MS).unref();
  }

  function sendAgain(): void {
    retry = undefined;
    send();
  }

  function leaveNow(): void {
    thread?.post(box.take());
    thread?.flushNow();
  }

  async function flush(): Promise<boolean> {
    if (!thread) return true;
    thread.post(box.take());
    return thread.flush();
  }

  async function close(): Promise<void> {
    if (holds > 0) return;
    await flush();
    await stop();
  }

  return {
    name: NAME,
    open(run, failed) {
      start();
      const series = catalogue(run.id, () => ids++, box.introduce, SERIES_OF_A_RUN);
      runs.set(run.id, { series, failed, droppedTold: box.dropped });
      box.happened({ ...happening('runStarted', run), run: { ...run, ended: 0 } });
      send();
    },
    write(batch, run) {
      const open = runs.get(run.id);
      if (!open || !thread) return;
      for (const measurement of batch) put(box, open.series, measurement);
      const step = batch.at(-1)?.step;
      if (step !== undefined && box.dropped > open.droppedTold && thread.hasRoom()) {
        open.droppedTold = box.dropped;
        put(box, open.series, { ...DROPPED, step, value: box.dropped });
      }
      send();
    },
    failure({ source, step, error, off }, run) {
      box.happened({ ...happening('failure', run), source, step, message: error.message, off });
      send();
    },
    async end(run) {
      const open = runs.get(run.id);
      if (!open) return;
      runs.delete(run.id);
      const ended = Date.now();
      box.happened({ ...happening('runEnded', run), time: ended, run: { ...run, ended } });
      if (!(await flush())) open.failed(new Error(`dashboard: not all had gone out after ${settings.flushWithin} ms`));
    },
    close,
    url: () => start().url(),
    dropped: () => box.dropped,
    hold() {
      holds++;
      let held = true;
      return async () => {
        if (!held) return;
        held = false;
        holds--;
        if (runs.size === 0) await close();
      };
    },
  };
}

interface OpenRun {
  readonly series: Catalogue;
  readonly failed: (error: unknown) => void;
  droppedTold: number;
}

const NAME = 'dashboard';
const DROPPED = { name: 'sink.dropped', unit: '{measurement}', attributes: { sink: NAME } };

function put(box: Outbox, series: Catalogue, measurement: Measurement): void {
  const { step, value, standardError = Number.NaN } = measurement;
  const id = series.idOf(measurement);
  if (id === undefined) box.lost();
  else if (typeof value === 'number') box.measured(id, step, value, standardError);
  else box.scattered({ series: id, step, x: value.x, y: value.y });
}

function happening(what: Event['what'], { id }: RunInfo): Event {
  const run = { id, name: '', started: 0, ended: 0 };
  return { kind: 'event', what, time: Date.now(), run, source: '', step: 0, message: '', off: false };
}

function checked(options: DashboardOptions): HubThreadOptions {
  const { port = 6070, host = '127.0.0.1', token, fallback = false, flushWithin = 2000 } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(`dashboard: port must be an integer from 0 to 65535, got ${port}`);
  }
  if (!(flushWithin >= 0)) throw new RangeError(`dashboard: flushWithin must be >= 0 milliseconds, got ${flushWithin}`);
  if (token !== undefined && token.length < 16) {
    throw new RangeError(`dashboard: token must have at least 16 characters, got ${token.length}`);
  }
  if (token === undefined && !isLoopback(host)) {
    throw new RangeError(
      `dashboard: host ${host} can be reached from other machines; give a token as well, or 127.0.0.1`,
    );
  }
  const { workerUrl = new URL(WORKER, import.meta.url), pageDirectory } = options;
  const server = { host, port, token, pageDirectory, alternatives: fallback ? ALTERNATIVES : 0 };
  return { workerUrl, server, window: WINDOW, flushWithin };
}

/** In a constant, for a bundler takes a literal for a web worker. */
const WORKER = './worker.js';
