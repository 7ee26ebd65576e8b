import { decodeFrame, encodeFrame, type Frame, WIRE_VERSION } from '../../proto/codec.js';
import { EMPTY_BATCH } from './batches.js';
import { introductions } from './introductions.js';
import { type KeptSocket, keptSocket, type OpenSocket, type Socket } from './keptSocket.js';
import { BOUNDS, type Line, RETRY_MS } from './line.js';
import { outbox } from './outbox.js';
import { toFrames } from './toFrames.js';

export interface SocketLineOptions {
  readonly url: URL;
  readonly open: OpenSocket;
  /** Milliseconds. */
  readonly flushWithin: number;
}

/** Bytes that may wait in the socket: past it the outbox fills instead, whose oldest measurements give way. */
const BACKLOG = 1 << 20;

/**
 * A line by WebSocket to a hub elsewhere, not up yet. What it sends are the frames that the hub keeps and shows.
 *
 * On each connection it first says which runs go on and which series they have, so that a hub that was restarted can
 * follow. A hello asks for one in return: who has the answer knows that everything before has arrived.
 *
 * @param failed is told when the connection breaks or cannot be made, once until it is there again
 */
export function socketLine({ url, open, flushWithin }: SocketLineOptions, failed: (error: Error) => void): Line {
  const box = outbox(BOUNDS);
  const introduced = introductions();
  let kept: KeptSocket | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  /** Hellos on this connection that have no answer. */
  let unanswered = 0;
  let waiting: (() => void)[] = [];

  const ready = (): Socket | undefined => kept?.current();
  const hasRoom = (socket: Socket): boolean => socket.bufferedAmount < BACKLOG;

  function say(socket: Socket, frames: readonly Frame[]): void {
    for (const frame of frames) socket.send(encodeFrame(frame));
  }

  function hello(socket: Socket): void {
    unanswered++;
    say(socket, [{ kind: 'hello', version: WIRE_VERSION, runs: introduced.runs() }]);
  }

  function opened(socket: Socket): void {
    unanswered = 0;
    hello(socket);
    const series = introduced.series();
    if (series.length > 0) say(socket, [{ ...EMPTY_BATCH, series }]);
    post(socket);
    if (waiting.length > 0) hello(socket);
  }

  function heard(bytes: Uint8Array): void {
    if (!isHello(bytes) || --unanswered > 0) return;
    for (const arrived of waiting) arrived();
    waiting = [];
  }

  function post(socket: Socket): void {
    const delivery = box.take();
    introduced.learn(delivery);
    say(socket, toFrames([delivery]));
  }

  function send(): void {
    const socket = ready();
    if (!socket || box.empty) return;
    if (hasRoom(socket)) post(socket);
    else retry ??= setTimeout(sendAgain, RETRY_MS);
  }

  function sendAgain(): void {
    retry = undefined;
    send();
  }

  function arrival(): Promise<boolean> {
    const socket = ready();
    if (socket) {
      post(socket);
      hello(socket);
    }
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(false), flushWithin);
      waiting.push(() => {
        clearTimeout(late);
        resolve(true);
      });
    });
  }

  return {
    box,
    connect() {
      kept ??= keptSocket({ url, open, opened, heard, lost: failed });
    },
    up: () => kept !== undefined,
    open() {
      const socket = ready();
      return socket !== undefined && hasRoom(socket);
    },
    send,
    flush: () => (kept ? arrival() : Promise.resolve(true)),
    async close() {
      const closing = kept;
      kept = undefined;
      clearTimeout(retry);
      retry = undefined;
      introduced.learn(box.take());
      introduced.forget();
      await closing?.close();
    },
  };
}

/** What a later version says, or something that is no hub, is passed over. */
function isHello(bytes: Uint8Array): boolean {
  try {
    return decodeFrame(bytes).kind === 'hello';
  } catch {
    return false;
  }
}
