import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';
import { encodeFrame } from '../../proto/codec.js';
import { history } from './history.js';
import { hub } from './hub.js';
import { FLUSHED, type FromHub, HANDLED, type HubWorkerData, type ToHub } from './hubMessages.js';
import { serve } from './server.js';
import { trainers } from './trainers.js';
import { viewers } from './viewers.js';

const { port, counters, server, drainWithin } = workerData as HubWorkerData;
const remembered = history();
const watching = viewers({ snapshot: () => remembered.frames().map(encodeFrame) });
const centre = hub(remembered, watching);
const { deliver, publish } = centre;
const pageDirectory = server.pageDirectory ?? fileURLToPath(new URL('../../dashboard/', import.meta.url));
const say = (message: FromHub) => port.postMessage(message);

const serving = serve({ ...server, pageDirectory }, watching, trainers(centre));
serving.then(
  ({ url }) => say({ kind: 'serving', url }),
  (error: Error) => say({ kind: 'failed', message: error.message }),
);

async function flush(ticket: number): Promise<void> {
  publish();
  await watching.drained(drainWithin);
  Atomics.store(counters, FLUSHED, ticket);
  Atomics.notify(counters, FLUSHED);
  say({ kind: 'flushed', ticket });
}

async function close(): Promise<void> {
  publish();
  watching.close();
  await serving.then(
    (s) => s.close(),
    () => undefined, // Said already.
  );
  port.close();
}

port.on('message', (message: ToHub) => {
  switch (message.kind) {
    case 'deliver':
      deliver(message.delivery);
      Atomics.add(counters, HANDLED, 1);
      return;
    case 'flush':
      return void flush(message.ticket);
    case 'close':
      return void close();
  }
});
