import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { build, type Rolldown } from 'vite';

/** The page of a user who trains: page.ts and all it imports, from a server of its own. */
export interface TrainingPage {
  readonly origin: string;
  close(): void;
}

const wasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
const HTML = '<!doctype html><title>Training</title><script type="module" src="/page.js"></script>';

/** Bundles the page as users do, `sharpstream` by its entries, and serves it with the binaries of wasm. */
export async function trainingPage(): Promise<TrainingPage> {
  const script = await bundled();
  const server = createServer(({ url = '/' }, response) => {
    const send = (type: string, body: string | Buffer) => response.setHeader('content-type', type).end(body);
    if (url === '/') send('text/html', HTML);
    else if (url === '/page.js') send('text/javascript', script);
    else if (/^\/[\w-]+\.wasm$/.test(url)) send('application/wasm', readFileSync(join(wasm, url)));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function bundled(): Promise<string> {
  const built = await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      lib: { entry: join(import.meta.dirname, 'page.ts'), formats: ['es'] },
    },
  });
  const { output } = (built as Rolldown.RolldownOutput[])[0]!;
  return output.map((part) => (part.type === 'chunk' ? part.code : '')).join('');
}
