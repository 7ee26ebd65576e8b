import type { MessagePort } from 'node:worker_threads';
import type { Delivery } from './delivery.js';
import type { ServerOptions } from './server.js';

/** From the training thread to the worker. */
export type ToHub =
  | { readonly kind: 'deliver'; readonly delivery: Delivery }
  /** To be answered, by message and in `FLUSHED`, when everything before it has gone to the network. */
  | { readonly kind: 'flush'; readonly ticket: number }
  | { readonly kind: 'close' };

/** From the worker to the training thread. */
export type FromHub =
  | { readonly kind: 'serving'; readonly url: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'flushed'; readonly ticket: number };

/** What the worker is started with. */
export interface HubWorkerData {
  readonly port: MessagePort;
  /** A shared Int32Array, readable while no event loop turns. */
  readonly counters: Int32Array<SharedArrayBuffer>;
  /** The page that comes with the package unless a folder is given. */
  readonly server: Omit<ServerOptions, 'pageDirectory'> & { readonly pageDirectory: string | undefined };
  /** Milliseconds that a slow viewer may hold up a flush. */
  readonly drainWithin: number;
}

/** In the counters: how many deliveries the worker has taken in (modulo 2³²), and the last ticket that is flushed. */
export const HANDLED = 0;
export const FLUSHED = 1;
