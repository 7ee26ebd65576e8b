import { formatDuration } from '../catalogue/format.js';
import type { View } from '../view.js';

/** The state of the connection as the page says it. */
export interface LinkState {
  readonly kind: 'connecting' | 'live' | 'quiet' | 'ended' | 'lost';
  readonly words: string;
  /** What it means for what is on the page; empty if nothing. */
  readonly meaning: string;
}

const QUIET_AFTER = 5000;

/** Says where the connection and the run stand at time `now`, in milliseconds since 1970. */
export function linkState({ link, run, heard }: View, now: number): LinkState {
  if (link.state === 'connecting') return { kind: 'connecting', words: 'Connecting', meaning: '' };
  if (link.state === 'lost') {
    const seconds = Math.max(0, Math.ceil((link.retryAt - now) / 1000));
    const words = seconds > 0 ? `Reconnecting in ${seconds} s` : 'Reconnecting';
    const shown = run ? 'The charts show what had arrived until then.' : 'Is the training program running?';
    return { kind: 'lost', words, meaning: `The connection to the trainer is lost. ${shown}` };
  }
  if (!run) return { kind: 'live', words: 'Connected', meaning: '' };
  if (run.ended > 0) return { kind: 'ended', words: 'Ended', meaning: '' };
  const silence = now - heard;
  if (silence > QUIET_AFTER) {
    return { kind: 'quiet', words: `Live, quiet for ${formatDuration(silence)}`, meaning: '' };
  }
  return { kind: 'live', words: 'Live', meaning: '' };
}
