import { expect, test } from 'vitest';
import type { RunRecord } from '../../dashboard/data/board.js';
import { linkState } from '../../dashboard/page/linkState.js';
import type { View } from '../../dashboard/view.js';

const run: RunRecord = {
  ...{ id: 'a', name: 'a', started: 0, ended: 0, firstStep: 0, newestStep: 5 },
  ...{ streams: [], failures: [] },
};
const view = (part: Partial<View>): View => ({
  ...{ link: { state: 'live' }, heard: 1000, runs: [run], run, panel: { overview: [], others: [] } },
  ...part,
});

test('a lost connection counts the seconds down, whether the run goes on or has ended', () => {
  const link = { state: 'lost', attempt: 3, retryAt: 5000 } as const;
  expect(linkState(view({ link }), 2900).words).toBe('Reconnecting in 3 s');
  expect(linkState(view({ link }), 5000).words).toBe('Reconnecting');
  expect(linkState(view({ link, run: undefined }), 0).meaning).toContain('Is the training program running?');
});

test('a trainer that says nothing for a while is live but quiet', () => {
  expect(linkState(view({}), 5000)).toMatchObject({ kind: 'live', words: 'Live' });
  expect(linkState(view({}), 13_500)).toMatchObject({ kind: 'quiet', words: 'Live, quiet for 0:12' });
});

test('a run that has ended is said to have ended, not to be quiet', () => {
  expect(linkState(view({ run: { ...run, ended: 900 } }), 99_000)).toMatchObject({ kind: 'ended', words: 'Ended' });
});
