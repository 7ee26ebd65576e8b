/** What a viewer's connection must offer; a WebSocket of `ws` does. */
export interface Connection {
  /** Bytes accepted by `send` that have not yet gone to the network. */
  readonly bufferedAmount: number;
  send(bytes: Uint8Array): void;
  ping(): void;
  terminate(): void;
  close(code: number, reason: string): void;
}

/** The viewers of a hub: all get the same bytes, and none can hold up the others or the hub. */
export interface Viewers {
  /** Sends what is remembered, and from now on what comes. */
  join(connection: Connection): void;
  leave(connection: Connection): void;
  /** The viewer has answered a ping. */
  alive(connection: Connection): void;
  broadcast(bytes: Uint8Array): void;
  /** Resolves when all that was sent has gone to the network, or `limit` milliseconds later. */
  drained(limit: number): Promise<void>;
  close(): void;
}

export interface ViewersOptions {
  /** Frames that bring a viewer up to date. */
  readonly snapshot: () => readonly Uint8Array[];
  /** Bytes that may wait for one viewer: past it frames pass it by, and when it has caught up it starts afresh. */
  readonly backlog?: number;
  /** Milliseconds between pings; a viewer that has not answered the last one is cut off. */
  readonly heartbeat?: number;
}

interface State {
  alive: boolean;
  behind: boolean;
}

/** How often a viewer that fell behind is looked at while nothing new comes, and how often draining is. */
const CATCH_UP_MS = 500;
const DRAIN_MS = 5;

export function viewers({ snapshot, backlog = 4 << 20, heartbeat = 15_000 }: ViewersOptions): Viewers {
  const all = new Map<Connection, State>();
  const timers = [setInterval(beat, heartbeat), setInterval(catchUp, CATCH_UP_MS)];
  for (const timer of timers) timer.unref();

  function beat(): void {
    for (const [connection, state] of all) {
      if (!state.alive) connection.terminate();
      else {
        state.alive = false;
        connection.ping();
      }
    }
  }

  function catchUp(): void {
    for (const [connection, state] of all) {
      if (!state.behind || connection.bufferedAmount > 0) continue;
      state.behind = false;
      for (const bytes of snapshot()) connection.send(bytes);
    }
  }

  return {
    join(connection) {
      all.set(connection, { alive: true, behind: true });
      catchUp();
    },
    leave: (connection) => void all.delete(connection),
    alive(connection) {
      const state = all.get(connection);
      if (state) state.alive = true;
    },
    broadcast(bytes) {
      for (const [connection, state] of all) {
        if (connection.bufferedAmount > backlog) state.behind = true;
        if (!state.behind) connection.send(bytes);
      }
    },
    async drained(limit) {
      const until = performance.now() + limit;
      const waiting = () => [...all.keys()].some((connection) => connection.bufferedAmount > 0);
      while (waiting() && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, DRAIN_MS));
    },
    close() {
      timers.forEach(clearInterval);
      for (const connection of all.keys()) connection.close(1001, 'the hub has closed');
      all.clear();
    },
  };
}
