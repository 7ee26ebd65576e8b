import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface Asked {
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Why a request is turned away, or nothing if it is let in. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly reason: string;
}

export interface Door {
  /** To the page and its stream. */
  admit(asked: Asked): Refusal | undefined;
  /** To stream in, from a page of another origin perhaps. */
  admitTrainer(asked: Asked): Refusal | undefined;
  /** The token, if it came with the address and is right: to be kept as a cookie, so that the page's own requests carry it. */
  cookieFor(asked: Asked): string | undefined;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Whether only this machine can reach an address. */
export const isLoopback = (host: string): boolean => LOOPBACK.includes(host) || host === '::1';

/**
 * Who may look at a run, and who may bring one.
 *
 * A page of another origin can neither read nor open a stream: an Origin must be the Host that was asked. Without a token the
 * Host must be this machine, or a name that someone has pointed here (DNS rebinding) would pass for it. With a token,
 * it must come as `?token=`, as a bearer or as the cookie that the first of these sets. A page that streams in may be of an
 * origin in `trainers`, or of any if its address has the token, which no page comes by unless it was given.
 */
export function door(token: string | undefined, port: number, trainers: readonly string[] = []): Door {
  // The port tells the cookies of two hubs on one machine apart.
  const cookieName = `sharpstream-${port}`;
  const matches = (given: string | null | undefined) => token !== undefined && given != null && same(given, token);
  const inAddress = (asked: Asked) => matches(new URLSearchParams(asked.url?.split('?')[1]).get('token'));

  function knows(asked: Asked): boolean {
    const bearer = asked.headers.authorization?.replace(/^Bearer /, '');
    return inAddress(asked) || matches(bearer) || matches(cookie(asked.headers.cookie, cookieName));
  }

  function admit(asked: Asked, stranger = false): Refusal | undefined {
    const { host = '', origin } = asked.headers;
    if (token === undefined && !isLoopback(hostname(host)))
      return { status: 403, reason: `Host ${host} is not this machine` };
    if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}` && !stranger) {
      return { status: 403, reason: `Origin ${origin} is not that of this page` };
    }
    if (token !== undefined && !knows(asked))
      return { status: 401, reason: 'A token is needed: open the address that was printed' };
    return undefined;
  }

  return {
    admit: (asked) => admit(asked),
    admitTrainer: (asked) => admit(asked, inAddress(asked) || trainers.includes(asked.headers.origin ?? '')),
    cookieFor(asked) {
      if (!inAddress(asked)) return undefined;
      return `${cookieName}=${encodeURIComponent(token!)}; Path=/; HttpOnly; SameSite=Strict`;
    },
  };
}

const hostname = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

function cookie(header: string | undefined, name: string): string | undefined {
  const pair = header?.split(/; */).find((p) => p.startsWith(`${name}=`));
  try {
    return pair && decodeURIComponent(pair.slice(name.length + 1));
  } catch {
    return undefined;
  }
}

/** In a time that does not tell how much of it was right. */
function same(a: string, b: string): boolean {
  const [x, y] = [a, b].map((s) => createHash('sha256').update(s).digest());
  return timingSafeEqual(x!, y!);
}
