import { history } from '../../adapters/hub/history.js';
import { hub } from '../../adapters/hub/hub.js';
import { serve } from '../../adapters/hub/server.js';
import { trainers } from '../../adapters/hub/trainers.js';
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
  const options = { host: '127.0.0.1', port, alternatives: 0, token: undefined, trainers: [], pageDirectory };
  const server = await serve(options, watching, trainers(hub(remembered, watching)));
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
