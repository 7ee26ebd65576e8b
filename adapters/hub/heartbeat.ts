/** What must give a sign of life; a WebSocket of `ws` does. */
export interface Living {
  ping(): void;
  terminate(): void;
  on(event: 'pong' | 'close', listener: () => void): unknown;
}

/** Cuts off connections whose other side has gone without a word. */
export interface Heartbeat {
  watch(connection: Living): void;
  stop(): void;
}

/** @param interval milliseconds between pings; who has not answered the last one is cut off */
export function heartbeat(interval = 15_000): Heartbeat {
  const answered = new Map<Living, boolean>();
  const timer = setInterval(beat, interval);
  timer.unref();

  function beat(): void {
    for (const [connection, alive] of answered) {
      if (!alive) connection.terminate();
      else {
        answered.set(connection, false);
        connection.ping();
      }
    }
  }

  return {
    watch(connection) {
      answered.set(connection, true);
      connection.on('pong', () => answered.set(connection, true));
      connection.on('close', () => answered.delete(connection));
    },
    stop: () => clearInterval(timer),
  };
}
