import type { Event, Run, Series } from '../../proto/codec.js';
import { type Catalogue, catalogue } from './catalogue.js';
import { EMPTY_DELIVERY } from './delivery.js';
import { failureFromElsewhere, isBrief, pastOrNow, runFromElsewhere } from './fromElsewhere.js';
import type { Hub } from './hub.js';

/** The runs of trainers elsewhere, each fed by one trainer at a time. */
export interface RemoteRuns {
  /**
   * The run goes on, fed by `trainer`; by another one than before if that has come back.
   *
   * @throws RangeError if that makes too many, or if its id is too long.
   */
  start(run: Run, trainer: object): void;
  /** @throws RangeError if the trainer does not feed the run; so do the others. */
  end(run: Pick<Run, 'id' | 'ended'>, trainer: object): void;
  failed(failure: Event, trainer: object): void;
  /** The number that a series has here, for good; undefined if its run has too many, or if its name is too long. */
  idOf(series: Series, trainer: object): number | undefined;
  /** Its runs have ended, unless they come back. */
  leave(trainer: object): void;
}

/** Runs that are remembered, so that they can come back: half of what the history keeps, so that those here have room. */
const RUNS = 32;

/** Series of this process count up from 0, those of others from here. */
const FIRST_ID = 2 ** 31;

interface RemoteRun {
  readonly run: Run;
  readonly series: Catalogue;
  /** Nobody when the trainer is gone or the run has ended. */
  trainer: object | undefined;
}

export function remoteRuns({ deliver, publish }: Hub): RemoteRuns {
  const runs = new Map<string, RemoteRun>();
  let nextId = FIRST_ID;

  const happened = (event: Event): void => deliver({ ...EMPTY_DELIVERY, events: [event] });
  const introduce = (series: Series): void => deliver({ ...EMPTY_DELIVERY, series: [series] });

  function of(id: string, trainer: object): RemoteRun {
    const known = runs.get(id);
    if (known?.trainer !== trainer) throw new RangeError(`run ${id} has not started here`);
    return known;
  }

  function finish(known: RemoteRun, ended: number): void {
    known.trainer = undefined;
    happened(turn('runEnded', { ...known.run, ended }));
  }

  function makeRoom(): void {
    if (runs.size < RUNS) return;
    const idle = [...runs].find(([, { trainer }]) => trainer === undefined);
    if (!idle) throw new RangeError(`${RUNS} runs are on their way already`);
    runs.delete(idle[0]);
  }

  return {
    start(told, trainer) {
      const known = runs.get(told.id);
      if (known?.trainer === trainer) return;
      const run = runFromElsewhere(told);
      if (!known) makeRoom();
      const series = known?.series ?? catalogue(run.id, () => nextId++, introduce);
      runs.set(run.id, { run, series, trainer });
      happened(turn('runStarted', run));
    },
    end: ({ id, ended }, trainer) => finish(of(id, trainer), pastOrNow(ended)),
    failed: (failure, trainer) => happened({ ...failureFromElsewhere(failure), run: of(failure.run.id, trainer).run }),
    idOf(series, trainer) {
      const known = of(series.run, trainer);
      return isBrief(series) ? known.series.idOf(series) : undefined;
    },
    leave(trainer) {
      for (const known of runs.values()) if (known.trainer === trainer) finish(known, Date.now());
      publish(); // Or a return that follows at once would go before.
    },
  };
}

function turn(what: Event['what'], run: Run): Event {
  return { kind: 'event', what, time: Date.now(), run, source: '', step: 0, message: '', off: false };
}
