import { dashboard } from '../hub/dashboard.js';
import { wholeNumber } from './wholeNumber.js';

export interface ServeOptions {
  readonly port?: number | string;
  readonly host?: string;
  /** A number where it reads as one: what was typed is lost then. */
  readonly token?: string | number;
  /** Origins, parted by commas, or the option given several times. */
  readonly trainers?: string | readonly string[];
  readonly json?: boolean;
}

/** Serves the dashboard to what trains elsewhere, until ctrl-C. */
export async function serve({ port, host, token, trainers = [], json = false }: ServeOptions): Promise<void> {
  if (typeof token === 'number')
    throw new RangeError('--token must be text, got what reads as a number; give it a letter');
  const page = dashboard({
    trainers: [trainers].flat().flatMap(origins),
    ...(port === undefined ? { fallback: true } : { port: wholeNumber('--port', port, 0) }),
    ...(host === undefined ? {} : { host }),
    ...(token === undefined ? {} : { token }),
  });
  const release = page.hold();
  const url = await page.url();
  console.log(json ? JSON.stringify({ url }) : `dashboard ${url}\ntrainers  remoteDashboard({ url: '${url}' })`);
  await interrupted();
  await release();
}

const origins = (list: string): string[] =>
  list
    .split(',')
    .map((origin) => origin.trim())
    .filter(Boolean);

/** Keeps the process alive until somebody ends it. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const alive = setInterval(() => undefined, 60_000);
    const end = (): void => {
      clearInterval(alive);
      resolve();
    };
    process.once('SIGINT', end).once('SIGTERM', end);
  });
}
