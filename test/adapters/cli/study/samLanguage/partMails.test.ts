import { expect, test } from 'vitest';
import { distinct, LENGTH, type Mail, mails } from '../../../../../adapters/cli/study/samLanguage/mails.js';
import { partMails } from '../../../../../adapters/cli/study/samLanguage/partMails.js';

const all = await mails();
const sizes = { train: 200, test: 100 };

test('the corpus is that of SpamAssassin: spam is what its folders call so, and no two mails begin alike', () => {
  // 1,896 of 6,046 are spam (its page of contents); a twentieth are copies.
  expect(all.length).toBeGreaterThan(0.9 * 6046);
  expect(all.length).toBeLessThan(6046);
  const spam = all.filter((mail) => mail.spam).length;
  expect(spam).toBeGreaterThan(0.8 * 1896);
  expect(spam).toBeLessThan(1896);
  expect(new Set(all.map(({ words }) => words.join(' '))).size).toBe(all.length);
  for (const { words } of all) expect(words.length).toBeLessThanOrEqual(LENGTH);
});

test('of mails that begin alike the first is kept, and short ones are not', () => {
  const long = Array.from({ length: LENGTH }, (_, i) => `w${i}`);
  const mail = (words: string[], spam = false): Mail => ({ words, spam });
  const kept = distinct([mail(long, true), mail([...long, 'more']), mail(['too', 'short']), mail(long.slice(1))]);
  expect(kept).toEqual([mail(long, true), mail(long.slice(1))]);
});

test('half of each part is spam, and of the first so many too', () => {
  const { train, test } = partMails(all, sizes, 5);
  const spam = (some: readonly Mail[]) => some.filter((mail) => mail.spam).length;
  expect([train.length, test.length, spam(train), spam(test)]).toEqual([200, 100, 100, 50]);
  expect(spam(train.slice(0, 100))).toBe(50);
});

test('no mail to test on shares half of its words with one to train on', () => {
  const { train, test } = partMails(all, sizes, 6);
  const shared = (a: readonly string[], b: readonly string[]) => {
    const either = new Set([...a, ...b]).size;
    return (new Set(a).size + new Set(b).size - either) / either;
  };
  for (const { words } of test) {
    expect(Math.max(...train.map((other) => shared(words, other.words))), words.join(' ')).toBeLessThan(0.5);
  }
});

test('a seed gives the same parts, another one others', () => {
  expect(partMails(all, sizes, 7)).toEqual(partMails(all, sizes, 7));
  expect(partMails(all, sizes, 7)).not.toEqual(partMails(all, sizes, 8));
});

test('more mails than there are is an error', () => {
  expect(() => partMails(all.slice(0, 50), sizes, 0)).toThrow('partMails: there are not 200 mails to train');
});
