import { megabytes } from '../backends/native/machine.js';
import { nativeFolder } from '../backends/native/nativeFolder.js';
import { provisionNative, removeNative } from '../backends/native/provisionNative.js';

export interface NativeOptions {
  readonly remove?: boolean;
  readonly json?: boolean;
}

/** Brings the native backend to this machine, or takes it away. */
export async function native({ remove = false, json = false }: NativeOptions): Promise<void> {
  const say = json ? (): void => {} : console.log;
  if (remove) {
    const folder = nativeFolder();
    const removed = removeNative(folder);
    say(removed ? `removed ${folder}` : `nothing to remove: no ${folder}`);
    if (json) console.log(JSON.stringify({ folder, removed }));
    return;
  }
  const start = performance.now();
  const provision = await provisionNative({ say, show: !json && process.stderr.isTTY });
  const seconds = (performance.now() - start) / 1000;
  const { version, bytes, folder, already } = provision;
  const when = already ? 'was there already' : `ready after ${seconds.toFixed(0)} s`;
  say(`TensorFlow ${version} ${when}: ${megabytes(bytes)} in ${folder}`);
  if (!already)
    say('sharpstream uses it from now on; a program of yours, by loadTensorFlow(). Undo: sharpstream native --remove');
  if (json) console.log(JSON.stringify({ ...provision, seconds }));
}
