/** What is used of a WebSocket; that of every browser has it. */
export interface Socket {
  binaryType: string;
  /** 1 while it can send. */
  readonly readyState: number;
  /** Bytes accepted by `send` that have not yet gone to the network. */
  readonly bufferedAmount: number;
  onopen: (() => void) | null;
  onmessage: ((message: { readonly data: unknown }) => void) | null;
  onerror: (() => void) | null;
  onclose: ((closing: { readonly code: number; readonly reason: string }) => void) | null;
  send(bytes: Uint8Array): void;
  close(code?: number, reason?: string): void;
}

export type OpenSocket = (url: URL) => Socket;

export interface KeptSocketOptions {
  readonly url: URL;
  readonly open: OpenSocket;
  /** A connection is there, again perhaps: nothing has been said on it. */
  readonly opened: (socket: Socket) => void;
  readonly heard: (bytes: Uint8Array) => void;
  /** It broke, or could not be made; told once until something is heard again. */
  readonly lost: (error: Error) => void;
}

/** A connection that is made again whenever it breaks. */
export interface KeptSocket {
  /** The connection, while it can send. */
  current(): Socket | undefined;
  /** Ends it; resolves when the other side knows, or after half a second. */
  close(): Promise<void>;
}

/** Milliseconds before attempt n = 1, 2, … since something was heard: half a second, doubled each time, at most ten seconds. */
const backOff = (attempt: number): number => Math.min(10_000, 500 * 2 ** (attempt - 1));

const OPEN = 1;
const GOODBYE_MS = 500;

export function keptSocket({ url, open, opened, heard, lost }: KeptSocketOptions): KeptSocket {
  let socket: Socket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let over: (() => void) | undefined;

  function start(): void {
    try {
      socket = listening(open(url));
    } catch (error) {
      again(error as Error); // A page under https may not even try ws to some addresses.
    }
  }

  function listening(made: Socket): Socket {
    let everOpen = false;
    made.binaryType = 'arraybuffer';
    made.onopen = () => {
      everOpen = true;
      opened(made);
    };
    made.onmessage = ({ data }) => {
      attempt = 0;
      heard(new Uint8Array(data as ArrayBuffer));
    };
    made.onerror = () => undefined; // A close follows, and says no less.
    made.onclose = ({ code, reason }) => {
      socket = undefined;
      if (over) over();
      else again(everOpen ? broken(url, code, reason) : unreached(url));
    };
    return made;
  }

  function again(error: Error): void {
    attempt++;
    timer = setTimeout(start, backOff(attempt));
    if (attempt === 1) lost(error);
  }

  start();
  return {
    current: () => (socket?.readyState === OPEN ? socket : undefined),
    close() {
      clearTimeout(timer);
      return new Promise((resolve) => {
        over = resolve;
        if (!socket) return resolve();
        setTimeout(resolve, GOODBYE_MS);
        socket.close(1000);
      });
    },
  };
}

/** Without what a token would show. */
const shown = ({ protocol, host }: URL): string => `${protocol}//${host}`;

/** A browser does not say why. */
function unreached(url: URL): Error {
  const { origin } = (globalThis as { location?: { origin?: string } }).location ?? {};
  const letIn = origin ? ` that lets in ${origin}, by its token or as dashboard({ trainers: ['${origin}'] })` : '';
  return new Error(`no connection to ${shown(url)}; is there a hub${letIn}? Trying again until the run ends`);
}

function broken(url: URL, code: number, reason: string): Error {
  const why = reason || `code ${code}`;
  return new Error(`the connection to ${shown(url)} broke (${why}); what was on its way is lost. Trying again`);
}
