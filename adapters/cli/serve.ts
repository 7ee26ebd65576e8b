import { dashboard } from '../hub/dashboard.js';
import { wholeNumber } from './wholeNumber.js';

export interface ServeOptions {
  readonly port?: number | string;
  readonly host?: string;
  readonly token?: string;
  /** Origins, parted by commas. */
  readonly trainers?: string;
  readonly json?: boolean;
}

/** Serves the dashboard to what trains elsewhere, until ctrl-C. */
export async function serve({ port, host, token, trainers = '', json = false }: ServeOptions): Promise<void> {
  const page = dashboard({
    trainers: trainers.split(',').filter(Boolean),
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
