import { type Batch, type Event, encodeFrame } from '../../proto/codec.js';
import type { Delivery } from './delivery.js';
import type { History } from './history.js';
import { toFrames } from './toFrames.js';
import type { Viewers } from './viewers.js';

/** Passes on what trainers deliver: to the history, and encoded once, to all viewers. */
export interface Hub {
  deliver(delivery: Delivery): void;
  /** Publishes what has been delivered, now. */
  publish(): void;
}

/** What is delivered in one turn of the event loop is published together: no latency when idle, few frames when busy. */
export function hub(history: History, viewers: Viewers): Hub {
  let delivered: Delivery[] = [];

  function publish(): void {
    const frames = toFrames(delivered);
    delivered = [];
    frames.forEach(pass);
  }

  // The history learns of a frame before the viewers do, so that whoever joins in between misses none and sees none twice.
  function pass(frame: Batch | Event): void {
    history.add(frame);
    viewers.broadcast(encodeFrame(frame));
  }

  return {
    deliver(delivery) {
      if (delivered.length === 0) setImmediate(publish);
      delivered.push(delivery);
    },
    publish,
  };
}
