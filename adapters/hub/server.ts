import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { door } from './door.js';
import { answer, page } from './page.js';
import type { Connection, Viewers } from './viewers.js';

export interface ServerOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** How many ports after `port` to try while they are in use. */
  readonly alternatives: number;
  readonly token: string | undefined;
  readonly pageDirectory: string;
}

export interface HubServer {
  /** Where to look, token included. */
  readonly url: string;
  close(): void;
}

/** A viewer has nothing to say in this version, so what it may say is short. */
const MAX_MESSAGE_BYTES = 4096;
const MAX_VIEWERS = 64;

/**
 * Serves the page, and by WebSocket at any path the stream.
 *
 * @throws Error if the port is in use, naming the remedy.
 */
export async function serve(options: ServerOptions, viewers: Viewers): Promise<HubServer> {
  const { host, token } = options;
  const server = createServer();
  const port = await listen(server, options);
  const entrance = door(token, port);
  const files = page(options.pageDirectory);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const refusal = entrance.admit(request);
    if (refusal) return answer(response, refusal.status, refusal.reason);
    const cookie = entrance.cookieFor(request);
    if (cookie) response.setHeader('set-cookie', cookie);
    files(request, response);
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = entrance.admit(request);
    if (refusal) return refuse(socket, refusal.status);
    if (sockets.clients.size >= MAX_VIEWERS) return refuse(socket, 503);
    sockets.handleUpgrade(request, socket, head, (viewer) => {
      // A viewer that sends garbage is closed by `ws`, with an error that concerns nobody else.
      viewer.on('error', () => viewer.terminate());
      viewer.on('pong', () => viewers.alive(viewer));
      viewer.on('close', () => viewers.leave(viewer));
      viewers.join(viewer satisfies Connection);
    });
  });

  return {
    url: `http://${reachable(host)}:${port}/${token === undefined ? '' : `?token=${encodeURIComponent(token)}`}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server, { host, port, alternatives }: ServerOptions): Promise<number> {
  for (let tried = port; ; tried++) {
    try {
      return await listenOnce(server, host, tried);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      if (tried < port + alternatives) continue;
      const ports = tried > port ? `ports ${port} to ${tried} are` : `port ${port} is`;
      throw new Error(`dashboard: ${ports} in use on ${host}; give another port, or 0 for any that is free`);
    }
  }
}

function listenOnce(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** An address that means "every interface" cannot be opened, and IPv6 stands in brackets. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
