import { WebSocket } from 'ws';
import { decodeFrame } from '../../../dist/proto/codec.js';

/**
 * A second process that looks at a hub after a while: `node lateViewer.mjs URL DELAY_MS WATCH_MS`.
 *
 * Prints what it saw as JSON: at which time how many values had arrived.
 */
const [url, delay, watch] = process.argv.slice(2);
const seen = [];
let count = 0;

await new Promise((resolve) => setTimeout(resolve, Number(delay)));
const socket = new WebSocket(url, { perMessageDeflate: false });
socket.on('message', (bytes) => {
  const frame = decodeFrame(bytes);
  if (frame.kind !== 'batch') return;
  count += frame.values.length;
  seen.push({ at: Date.now(), count });
});
await new Promise((resolve) => setTimeout(resolve, Number(watch)));
console.log(JSON.stringify(seen));
socket.terminate();
