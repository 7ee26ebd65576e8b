import { wholeNumber } from '../wholeNumber.js';
import type { Study } from './experiment.js';
import { studies } from './studies.js';

/** What `study` takes, as the command line gives it. */
export interface StudyOptions {
  readonly seeds?: number | string;
  readonly firstSeed?: number | string;
  readonly quick?: boolean;
  readonly backend?: string;
  readonly port?: number | string;
  readonly dashboard?: boolean;
  readonly json?: boolean;
}

/** Options with their defaults, checked. */
export interface StudyRequest {
  readonly studies: readonly Study[];
  /** The seeds of a study. */
  readonly seedsOf: (study: Study) => readonly number[];
  readonly quick: boolean;
  /** 6070 or the next that is free, if undefined. */
  readonly port: number | undefined;
}

/** @throws RangeError for a number that is none; Error for a study that does not exist. */
export function studyRequest(name: string, options: StudyOptions): StudyRequest {
  const { seeds, firstSeed = 0, quick = false, port } = options;
  const first = wholeNumber('--first-seed', firstSeed, 0);
  const count = seeds === undefined ? undefined : wholeNumber('--seeds', seeds, 1);
  return {
    studies: name === 'all' ? studies : [named(name)],
    seedsOf: (study) => Array.from({ length: count ?? (quick ? 1 : study.seeds) }, (_, i) => first + i),
    quick,
    port: port === undefined ? undefined : wholeNumber('--port', port, 0),
  };
}

function named(name: string): Study {
  const study = studies.find((known) => known.name === name);
  if (study) return study;
  throw new Error(`there is no study '${name}'; there are ${studies.map((known) => known.name).join(', ')}, and all`);
}
