import { expect, test } from 'vitest';
import { wordsOf } from '../../../../../adapters/cli/study/samLanguage/wordsOf.js';

const read = (head: string, body: string): string => wordsOf(`${head}\n\n${body}`).join(' ');

test('the words of a mail are those of its subject and its body, in lower case', () => {
  expect(read('From: a@b.org\nSubject: Re: Lunch\nX-Spam: no', "Don't forget!\nAnn")).toBe(
    "re lunch don't forget ! ann",
  );
});

test('what the headers tell of the way of a mail is left out', () => {
  expect(read('Received: from spammer by victim\nDate: Mon, 26 Aug 2002', 'Hello')).toBe('hello');
});

test('a subject goes on over lines that begin with a blank', () => {
  expect(read('Subject: one\n two\n\tthree\nTo: four', 'five')).toBe('one two three five');
});

test('numbers are one word, and some signs count', () => {
  expect(read('Subject: 50% off', 'Only $1,999.95 today? Call 1-800')).toBe('# % off only $ # today ? call # #');
});

test('tags, comments, scripts and entities are left out', () => {
  const page = '<html><style>p { color: red }</style><p class="x">Buy<br>now&nbsp;or<!-- never --> later</p></html>';
  expect(read('Subject: s', page)).toBe('s buy now or later');
});

test('the encoding quoted-printable is taken off', () => {
  expect(read('Subject: s', 'vi=\nsit <a href=3D"x">us</a> to=64ay')).toBe('s visit us today');
});

test('headers and boundaries of parts are left out, and what is encoded in base64', () => {
  const part = `--=_Next.1\nContent-Type: text/plain;\n\tcharset="x"\n\nHello\n${'QUJD'.repeat(19)}\n--=_Next.1--`;
  expect(read('Subject: s', part)).toBe('s hello');
});

test('lines may end as they do on other systems', () => {
  expect(wordsOf('Subject: one\r\nTo: x\r\n\r\ntwo')).toEqual(['one', 'two']);
});

test('a mail without a body has its subject', () => {
  expect(wordsOf('Subject: alone')).toEqual(['alone']);
});
