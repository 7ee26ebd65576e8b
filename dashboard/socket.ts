import { Observable } from 'rxjs';
import { decodeFrame, type Frame } from '../proto/codec.js';

/** The frames of one WebSocket; completes when the other side closes it, errors when it breaks. */
export function frames(url: string): Observable<Frame> {
  return new Observable((subscriber) => {
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => {
      const frame = decoded(new Uint8Array(data));
      if (frame) subscriber.next(frame);
    };
    socket.onerror = () => subscriber.error(new Error(`the connection to ${url} broke`));
    socket.onclose = () => subscriber.complete();
    return () => {
      socket.onclose = null;
      socket.close();
    };
  });
}

/** A frame of a later version, or one that is damaged, costs itself and not the connection. */
function decoded(bytes: Uint8Array): Frame | undefined {
  try {
    return decodeFrame(bytes);
  } catch (error) {
    console.warn('passed over a frame:', error);
    return undefined;
  }
}
