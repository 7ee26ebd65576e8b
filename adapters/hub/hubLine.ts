import { type HubThread, type HubThreadOptions, hubThread } from './hubThread.js';
import { type Outbox, outbox } from './outbox.js';

/** The line from the training thread to a hub that is started when it is needed: what waits, and when it is posted. */
export interface HubLine {
  readonly box: Outbox;
  /** Starts the hub if it is not up. */
  connect(): void;
  up(): boolean;
  /** The hub is up and keeps up: what is sent now is posted now. */
  open(): boolean;
  /** Posts what waits if the hub keeps up; else a little later if the loop yields, or with what comes next. */
  send(): void;
  /** Resolves, true, when all has gone to the network or there is no hub; false if that takes too long. */
  flush(): Promise<boolean>;
  url(): Promise<string>;
  /** Ends the hub. What it has not been sent is lost: flush before. */
  close(): Promise<void>;
}

/** Kept for a hub that does not keep up: half a megabyte of measurements. */
const BOUNDS = { rows: 16_384, points: 32, events: 256 };
const RETRY_MS = 50;

/**
 * A line that is not up. On `exit` of the process what is left is posted and awaited, as long as `flushWithin` allows: without
 * it most frames of the last moment would be lost.
 *
 * @param failed is told when the hub cannot serve or has died; the line is then down
 */
export function hubLine(options: HubThreadOptions, failed: (error: Error) => void): HubLine {
  const box = outbox(BOUNDS);
  let thread: HubThread | undefined;
  let retry: NodeJS.Timeout | undefined;

  function connect(): HubThread {
    if (thread) return thread;
    thread = hubThread(options, (error) => {
      void close();
      failed(error);
    });
    process.once('exit', leave);
    return thread;
  }

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

  function leave(): void {
    thread?.post(box.take());
    thread?.flushNow();
  }

  async function flush(): Promise<boolean> {
    thread?.post(box.take());
    return thread ? thread.flush() : true;
  }

  async function close(): Promise<void> {
    const closing = thread;
    thread = undefined;
    process.off('exit', leave);
    box.take();
    await closing?.close();
  }

  return {
    box,
    connect: () => void connect(),
    up: () => thread !== undefined,
    open: () => thread?.hasRoom() ?? false,
    send,
    flush,
    url: () => connect().url(),
    close,
  };
}
