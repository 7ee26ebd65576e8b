import { type HubThread, type HubThreadOptions, hubThread } from './hubThread.js';
import { BOUNDS, type Line, RETRY_MS } from './line.js';
import { outbox } from './outbox.js';

/** The line to a hub in a thread of this process, which is started when it is needed. */
export interface HubLine extends Line {
  url(): Promise<string>;
}

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
