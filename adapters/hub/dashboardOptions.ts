import { isLoopback } from './door.js';
import type { HubThreadOptions } from './hubThread.js';

/** What {@link dashboard} takes. */
export interface DashboardOptions {
  /** 0 for any that is free. Default 6070. */
  readonly port?: number;
  /** Default 127.0.0.1: this machine only. Any other address needs a token. */
  readonly host?: string;
  /** What a viewer must bring, at least 16 characters; it is part of `url()`. */
  readonly token?: string;
  /**
   * Origins of pages that may stream their runs here with `remoteDashboard`, such as 'http://localhost:5173'. A page whose
   * address of this hub has the token may as well. Default: none.
   */
  readonly trainers?: readonly string[];
  /** While the port is in use, take one of the next ten instead. Default false: a Failure, and training goes on unwatched. */
  readonly fallback?: boolean;
  /** The folder of a page of your own. */
  readonly pageDirectory?: string;
  /** Where worker.js of this package is, for programs that a bundler has made. */
  readonly workerUrl?: URL | string;
  /** Milliseconds that the end of a run, or of the process, may wait until all has gone out. Default 2000. */
  readonly flushWithin?: number;
}

/** Ports tried after the first with `fallback`. */
const ALTERNATIVES = 10;

/** Posts that may be on their way to the worker, one a step and about 1 kB each. */
const WINDOW = 512;

/** In a constant, for some bundlers take a literal for a worker of the web. */
const WORKER = './worker.js';

/** Options with their defaults, checked. */
export function hubThreadOptions(options: DashboardOptions): HubThreadOptions {
  const { port = 6070, host = '127.0.0.1', token, trainers = [], fallback = false, flushWithin = 2000 } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(`dashboard: port must be an integer from 0 to 65535, got ${port}`);
  }
  if (!(flushWithin >= 0)) throw new RangeError(`dashboard: flushWithin must be >= 0 milliseconds, got ${flushWithin}`);
  if (token !== undefined && !(typeof token === 'string' && token.length >= 16)) {
    const got = typeof token === 'string' ? token.length : `a ${typeof token}`;
    throw new RangeError(`dashboard: token must be text of at least 16 characters, got ${got}`);
  }
  if (token === undefined && !isLoopback(host)) {
    throw new RangeError(
      `dashboard: host ${host} can be reached from other machines; give a token as well, or 127.0.0.1`,
    );
  }
  for (const origin of trainers) {
    if (!isOrigin(origin)) {
      throw new RangeError(`dashboard: trainers must be origins such as 'http://localhost:5173', got '${origin}'`);
    }
  }
  const { workerUrl = new URL(WORKER, import.meta.url), pageDirectory } = options;
  const server = { host, port, token, trainers, pageDirectory, alternatives: fallback ? ALTERNATIVES : 0 };
  return { workerUrl, server, window: WINDOW, flushWithin };
}

/** Not 'null', which every page has that keeps its own to itself. */
const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
