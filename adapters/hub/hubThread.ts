import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Delivery } from './delivery.js';
import { FLUSHED, type FromHub, HANDLED, type HubWorkerData, type ToHub } from './hubMessages.js';

/** The hub's worker, as the training thread sees it. */
export interface HubThread {
  /** Where the page is; rejects if it cannot be served. */
  url(): Promise<string>;
  /** The worker has fallen no further behind than it may. */
  hasRoom(): boolean;
  post(delivery: Delivery): void;
  /** Hears what the worker has to say although no event loop turns. */
  poll(): void;
  /** Resolves, true, when all that was posted has gone to the network; or false when `flushWithin` is over. */
  flush(): Promise<boolean>;
  /** The same without an event loop: blocks. */
  flushNow(): boolean;
  /** Ends the worker, gracefully if it can. */
  close(): Promise<void>;
}

export interface HubThreadOptions {
  readonly workerUrl: URL | string;
  readonly server: HubWorkerData['server'];
  /** Posts that the worker may not yet have taken in. */
  readonly window: number;
  /** Milliseconds. */
  readonly flushWithin: number;
}

/**
 * Starts the worker. It never keeps the process alive, except while its address or a flush is awaited.
 *
 * @param failed is told once, when the hub cannot serve or has died
 */
export function hubThread(options: HubThreadOptions, failed: (error: Error) => void): HubThread {
  const { workerUrl, server, window, flushWithin } = options;
  const { port1: port, port2 } = new MessageChannel();
  const counters = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const workerData: HubWorkerData = { port: port2, counters, server, drainWithin: flushWithin / 2 };
  // Loaders and inspectors of the program are not the hub's.
  const worker = new Worker(workerUrl, { workerData, transferList: [port2], execArgv: [], name: 'sharpstream hub' });

  let posted = 0;
  let tickets = 0;
  let awaited = 0;
  let over = false;
  const waiting = new Map<number, () => void>();
  let served: (url: string) => void;
  let notServed: (error: Error) => void;
  const url = new Promise<string>((resolve, reject) => {
    [served, notServed] = [resolve, reject];
  });
  url.catch(() => undefined); // Told to `failed`, whether or not anybody asks for the address.
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  function end(error: Error): void {
    if (over) return;
    over = true;
    notServed(error);
    for (const done of waiting.values()) done();
    failed(error);
  }

  function hear(message: FromHub): void {
    if (message.kind === 'serving') served(message.url);
    else if (message.kind === 'failed') end(new Error(message.message));
    else waiting.get(message.ticket)?.();
  }

  const say = (message: ToHub) => port.postMessage(message);

  /** Keeps the process alive until `promise` is settled. */
  async function awaiting<T>(promise: Promise<T>): Promise<T> {
    if (awaited++ === 0) worker.ref();
    try {
      return await promise;
    } finally {
      if (--awaited === 0) worker.unref();
    }
  }

  function requestFlush(): number {
    say({ kind: 'flush', ticket: ++tickets });
    return tickets;
  }

  port.on('message', hear);
  port.unref();
  worker.on('error', end);
  worker.once('exit', () => end(new Error('dashboard: the hub has ended')));
  worker.unref();

  return {
    url: () => awaiting(url),
    hasRoom: () => ((posted - Atomics.load(counters, HANDLED)) | 0) < window,
    post(delivery) {
      posted++;
      say({ kind: 'deliver', delivery }); // Cloned: for a step's rows that is quicker than a transfer.
    },
    poll() {
      for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) hear(got.message as FromHub);
    },
    async flush() {
      if (over) return false;
      const ticket = requestFlush();
      const flushed = new Promise<void>((resolve) => waiting.set(ticket, resolve));
      await awaiting(within(flushWithin, flushed));
      waiting.delete(ticket);
      return isFlushed(ticket);
    },
    flushNow() {
      if (over) return false;
      const ticket = requestFlush();
      const until = performance.now() + flushWithin;
      for (let left = flushWithin; left > 0 && !isFlushed(ticket); left = until - performance.now()) {
        Atomics.wait(counters, FLUSHED, Atomics.load(counters, FLUSHED), left);
      }
      return isFlushed(ticket);
    },
    async close() {
      over = true;
      say({ kind: 'close' });
      await awaiting(within(GOODBYE_MS, exited));
      await worker.terminate();
      port.close();
    },
  };

  function isFlushed(ticket: number): boolean {
    return Atomics.load(counters, FLUSHED) >= ticket;
  }
}

/** Milliseconds that viewers have to answer a goodbye. */
const GOODBYE_MS = 500;

/** Resolves when `promise` does, and after `ms` at the latest. */
async function within(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
