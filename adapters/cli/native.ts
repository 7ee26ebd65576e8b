import { hasNvidiaDriver, megabytes } from '../backends/native/machine.js';
import { nativeFolder, nativeFolders } from '../backends/native/nativeFolder.js';
import { provisionNative, removeNative } from '../backends/native/provisionNative.js';

export interface NativeOptions {
  readonly gpu?: boolean;
  readonly remove?: boolean;
  readonly json?: boolean;
}

/** Brings the native backend to this machine, or takes it away. */
export async function native({ gpu = false, remove = false, json = false }: NativeOptions): Promise<void> {
  const say = json ? (): void => {} : console.log;
  if (remove) {
    const removed = nativeFolders().filter(removeNative);
    say(removed.length > 0 ? `removed ${removed.join(', ')}` : `nothing to remove: no ${nativeFolder('cpu')}`);
    if (json) console.log(JSON.stringify({ removed }));
    return;
  }
  const start = performance.now();
  const device = gpu ? 'gpu' : 'cpu';
  const provision = await provisionNative({ device, say, show: !json && process.stderr.isTTY });
  const seconds = (performance.now() - start) / 1000;
  const { version, bytes, folder, already } = provision;
  const when = already ? 'was there already' : `ready after ${seconds.toFixed(0)} s`;
  say(`TensorFlow ${version} ${when}: ${megabytes(bytes)} in ${folder}`);
  if (!already)
    say('sharpstream uses it from now on; a program of yours, by loadTensorFlow(). Undo: sharpstream native --remove');
  if (!gpu && hasNvidiaDriver()) say('This machine has an NVIDIA driver: sharpstream native --gpu brings CUDA as well');
  if (json) console.log(JSON.stringify({ ...provision, seconds }));
}
