import { history } from '../../adapters/hub/history.js';
import { serve } from '../../adapters/hub/server.js';
import { viewers } from '../../adapters/hub/viewers.js';
import { type Batch, type Event, encodeFrame } from '../../proto/codec.js';

/** The hub's own server, in this thread, with the page built in `pageDirectory`. */
export interface PageServer {
  readonly url: string;
  send(frame: Batch | Event): void;
  close(): void;
}

export async function pageServer(pageDirectory: string, port = 0): Promise<PageServer> {
  const remembered = history();
  const watching = viewers({ snapshot: () => remembered.frames().map(encodeFrame) });
  const server = await serve({ host: '127.0.0.1', port, alternatives: 0, token: undefined, pageDirectory }, watching);
  return {
    url: server.url,
    send(frame) {
      remembered.add(frame);
      watching.broadcast(encodeFrame(frame));
    },
    close() {
      watching.close();
      server.close();
    },
  };
}
