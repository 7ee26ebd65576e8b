/**
 * The words of a mail: of its subject, then of its body, in lower case; a number is `#`, and of signs `!`, `$`, `%` and `?`
 * count.
 *
 * The other headers are left out, for they tell through which machines the mail went, and when, and the spam of this corpus
 * came another way than the rest. So are tags, the headers of parts, and whatever is encoded in base64.
 */
export function wordsOf(mail: string): readonly string[] {
  const text = mail.replaceAll('\r\n', '\n');
  const end = text.indexOf('\n\n');
  const [head, body] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end)];
  const subject = SUBJECT.exec(head)?.[1] ?? '';
  const readable = LEFT_OUT.reduce((left, pattern) => left.replace(pattern, ' '), unquoted(body));
  const words = `${subject} ${readable}`.toLowerCase().match(WORD) ?? [];
  return words.map((word) => (/\d/.test(word) ? '#' : word));
}

/** Goes on over lines that begin with a blank. */
const SUBJECT = /^subject:(.*(?:\n[ \t].*)*)/im;

const WORD = /[a-z]+(?:'[a-z]+)*|\d+(?:[.,]\d+)*|[!$%?]/g;

const LEFT_OUT: readonly RegExp[] = [
  /^content-[a-z-]+:.*(?:\n[ \t].*)*/gim,
  // Boundaries of parts.
  /^--\S+$/gm,
  // Lines of base64 are of 60 to 76 characters.
  /^[A-Za-z0-9+/]{40,}={0,2}$/gm,
  /<(style|script)\b[\s\S]*?<\/\1>/gi,
  /<!--[\s\S]*?-->/g,
  /<[^<>]*>/g,
  /&#?\w+;/g,
];

/** Takes off the encoding `quoted-printable`: = at the end of a line, and =3D for a sign. */
const unquoted = (body: string): string =>
  body
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
