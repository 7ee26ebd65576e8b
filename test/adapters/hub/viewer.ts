import { WebSocket } from 'ws';
import { decodeFrame, type Frame } from '../../../proto/codec.js';

/** Looks at a hub as a page does. */
export interface Viewer {
  readonly bytes: readonly Uint8Array[];
  readonly frames: readonly Frame[];
  /** The values of a series since the last hello, whichever run they are of, in order of arrival. */
  values(name: string): number[];
  /** Resolves once `seen` holds; rejects after fifteen seconds. */
  until(seen: () => boolean): Promise<void>;
  readonly socket: WebSocket;
  close(): Promise<void>;
}

export async function viewer(page: string, options: { headers?: Record<string, string> } = {}): Promise<Viewer> {
  const socket = new WebSocket(streamOf(page), { ...options, perMessageDeflate: false });
  const bytes: Uint8Array[] = [];
  const frames: Frame[] = [];
  let look = (): void => undefined;
  socket.on('message', (data: Buffer) => {
    bytes.push(new Uint8Array(data));
    frames.push(decodeFrame(data));
    look();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  return {
    bytes,
    frames,
    socket,
    values: (name) => valuesOf(frames, name),
    until: (seen) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`not seen in fifteen seconds: ${seen}`)), 15_000);
        look = () => {
          if (!seen()) return;
          clearTimeout(timer);
          resolve();
        };
        look();
      }),
    async close() {
      if (socket.readyState === WebSocket.CLOSED) return;
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.terminate();
      await closed;
    },
  };
}

export function valuesOf(frames: readonly Frame[], name: string): number[] {
  const ids = new Set<number>();
  let values: number[] = [];
  for (const frame of frames) {
    if (frame.kind === 'hello') values = [];
    if (frame.kind !== 'batch') continue;
    for (const series of frame.series) if (series.name === name) ids.add(series.id);
    for (const [i, id] of [...frame.ids].entries()) if (ids.has(id)) values.push(frame.values[i]!);
  }
  return values;
}

/** Where the page at an address opens its stream. */
export function streamOf(page: string): URL {
  const { host, search } = new URL(page);
  return new URL(`ws://${host}/stream${search}`);
}
