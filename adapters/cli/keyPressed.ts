import { once } from 'node:events';

/** Waits for a key on the terminal; ctrl-C counts as one. */
export async function keyPressed(): Promise<void> {
  const { stdin } = process;
  stdin.setRawMode(true);
  stdin.resume();
  await once(stdin, 'data');
  stdin.setRawMode(false);
  stdin.pause();
}
