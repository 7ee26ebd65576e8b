import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { WebSocketServer } from 'ws';
import { encodeFrame, type Frame } from '../../proto/codec.js';

/** Serves the built page under its strict policy, and to every viewer `opening()` and then what is sent. */
export interface PageServer {
  readonly url: string;
  readonly port: number;
  send(frame: Frame): void;
  close(): Promise<void>;
}

const POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'",
  "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
].join('; ');

export async function pageServer(opening: () => readonly Frame[], port = 0): Promise<PageServer> {
  const page = sirv(fileURLToPath(new URL('../../dist/dashboard', import.meta.url)));
  const http = createServer((request, response) => {
    response.setHeader('content-security-policy', POLICY);
    page(request, response, () => response.writeHead(404).end());
  });
  const viewers = new WebSocketServer({ server: http, path: '/stream' });
  viewers.on('connection', (viewer) => {
    for (const frame of opening()) viewer.send(encodeFrame(frame));
  });
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  const bound = (http.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}/`,
    port: bound,
    send: (frame) => {
      for (const viewer of viewers.clients) viewer.send(encodeFrame(frame));
    },
    async close() {
      for (const viewer of viewers.clients) viewer.terminate();
      viewers.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
