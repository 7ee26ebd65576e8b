import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';

/** Nothing but this origin's own scripts, styles and stream; the token in the address goes nowhere. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** Answers with a file of the built page, and with the same headers whatever it answers. */
export function page(directory: string): (request: IncomingMessage, response: ServerResponse) => void {
  const built = existsSync(join(directory, 'index.html'));
  const files = built ? sirv(directory, { etag: true }) : undefined;
  const missing = built ? 'Not found' : `No page in ${directory}: build it with npm run build:page`;

  return (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, 'Only GET and HEAD');
    const notFound = () => answer(response, 404, missing);
    if (files) files(request, response, notFound);
    else notFound();
  };
}

/** A plain sentence. */
export function answer(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${sentence}\n`);
}
