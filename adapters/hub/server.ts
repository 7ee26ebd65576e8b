import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { door, type Refusal } from './door.js';
import { answer, page } from './page.js';
import { TRAINER_PATH } from './trainerAddress.js';
import type { Trainers } from './trainers.js';
import type { Connection, Viewers } from './viewers.js';

export interface ServerOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** How many ports after `port` to try while they are in use. */
  readonly alternatives: number;
  readonly token: string | undefined;
  /** Origins of pages that may stream in. */
  readonly trainers: readonly string[];
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

/** What a trainer sends at once: some ten thousand measurements, or a large scatter. */
const MAX_FRAME_BYTES = 16 << 20;
const MAX_TRAINERS = 32;

/** A page that computes answers no ping; its machine answers for it as long as the page is there. */
const KEEP_ALIVE_MS = 15_000;

/**
 * Serves the page, and by WebSocket the stream; one path of it is for trainers elsewhere, to stream in.
 *
 * @throws Error if the port is in use, naming the remedy.
 */
export async function serve(options: ServerOptions, viewers: Viewers, trainers: Trainers): Promise<HubServer> {
  const { host, token } = options;
  const server = createServer();
  const port = await listen(server, options);
  const entrance = door(token, port, options.trainers);
  const files = page(options.pageDirectory);
  const watching = gate(MAX_MESSAGE_BYTES, MAX_VIEWERS);
  const feeding = gate(MAX_FRAME_BYTES, MAX_TRAINERS);

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const refusal = entrance.admit(request);
    if (refusal) return answer(response, refusal.status, refusal.reason);
    const cookie = entrance.cookieFor(request);
    if (cookie) response.setHeader('set-cookie', cookie);
    files(request, response);
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const asked = { request, socket, head };
    if (request.url?.split('?')[0] === TRAINER_PATH) {
      request.socket.setKeepAlive(true, KEEP_ALIVE_MS);
      feeding.open(asked, entrance.admitTrainer(request), feed);
    } else watching.open(asked, entrance.admit(request), watch);
  });

  function watch(viewer: WebSocket): void {
    viewer.on('pong', () => viewers.alive(viewer));
    viewer.on('close', () => viewers.leave(viewer));
    viewers.join(viewer satisfies Connection);
  }

  function feed(socket: WebSocket): void {
    const trainer = trainers.join(socket);
    socket.on('message', (data: Buffer) => trainer.hear(data));
    socket.on('close', () => trainer.leave());
  }

  return {
    url: `http://${reachable(host)}:${port}/${token === undefined ? '' : `?token=${encodeURIComponent(token)}`}`,
    close() {
      for (const trainer of feeding.inside()) trainer.close(1001, 'the hub has closed');
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

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Lets in what is not refused, up to a number of connections, with messages up to a size. */
function gate(maxPayload: number, most: number) {
  const sockets = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false });

  function enter({ request, socket, head }: Upgrade, entered: (connection: WebSocket) => void): void {
    sockets.handleUpgrade(request, socket, head, (connection) => {
      // Garbage ends its connection, by `ws`, with an error that concerns nobody else.
      connection.on('error', () => connection.terminate());
      entered(connection);
    });
  }

  return {
    inside: (): ReadonlySet<WebSocket> => sockets.clients,
    open(asked: Upgrade, refusal: Refusal | undefined, entered: (connection: WebSocket) => void): void {
      if (refusal) refuse(asked.socket, refusal.status);
      else if (sockets.clients.size >= most) refuse(asked.socket, 503);
      else enter(asked, entered);
    },
  };
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** An address that means "every interface" cannot be opened, and IPv6 stands in brackets. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
