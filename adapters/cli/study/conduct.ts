import type { Attributes, Sink } from '../../../src/core/watching.js';
import type { Criterion } from './criterion.js';
import type { Estimate } from './estimate.js';
import type { Condition, Experiment, Study } from './experiment.js';
import { type Findings, inWords, notebook } from './findings.js';
import { type LiveRun, liveRun } from './liveRun.js';

/** One quantity under one condition. */
export interface Row extends Estimate {
  readonly experiment: string;
  readonly condition: Condition;
  readonly quantity: string;
  readonly unit: string;
  /** The mean over seeds, in `value`, is of these, in their order. */
  readonly values: readonly number[];
  /** This condition less the one it is compared with, paired by seed. */
  readonly difference?: Estimate & { readonly from: Condition };
  /** The number from elsewhere that it stands beside. */
  readonly reference?: number;
}

/** What a study found. */
export interface Outcome {
  readonly rows: readonly Row[];
  readonly criteria: readonly (Criterion & { readonly experiment: string })[];
  readonly passed: boolean;
}

export interface ConductOptions {
  readonly seeds: readonly number[];
  /** Toy size; only identities are judged. */
  readonly quick: boolean;
  readonly sinks: readonly Sink[];
  /** Told before each trial. */
  readonly onProgress?: (done: number, total: number, what: string) => void;
}

/** Carries out a study: every condition of every experiment, seed by seed, so that pairs are complete early. */
export async function conduct(study: Study, options: ConductOptions): Promise<Outcome> {
  const { seeds, quick, sinks, onProgress = () => {} } = options;
  const identities = study.identities.map((experiment) => ({ experiment, judged: true }));
  const compared = study.experiments(quick).map((experiment) => ({ experiment, judged: !quick }));
  const planned = [...identities, ...compared];
  const total = planned.reduce((sum, { experiment }) => sum + experiment.conditions.length * seeds.length, 0);
  const rows: Row[] = [];
  const criteria: Outcome['criteria'][number][] = [];
  let done = 0;
  for (const { experiment, judged } of planned) {
    const tell = (what: string): void => onProgress(done++, total, `${experiment.name}, ${what}`);
    const findings = await carryOut(study.name, experiment, seeds, sinks, tell);
    rows.push(...rowsOf(experiment, findings));
    if (judged) criteria.push(...experiment.judge(findings).map((c) => ({ experiment: experiment.name, ...c })));
  }
  return { rows, criteria, passed: criteria.every(({ passed }) => passed) };
}

async function carryOut(
  study: string,
  experiment: Experiment,
  seeds: readonly number[],
  sinks: readonly Sink[],
  tell: (what: string) => void,
): Promise<Findings> {
  const found = notebook();
  const means = liveRun(`${study}: ${experiment.name}`, sinks);
  // Ahead of training, for a page shows the run that began last.
  means.open();
  try {
    for (const seed of seeds) {
      const training = liveRun(`${study}: ${experiment.name}, seed ${seed}`, sinks);
      try {
        for (const condition of experiment.conditions) {
          tell(`seed ${seed}, ${inWords(condition)}`);
          const watching = sinks.length > 0 ? [training.sink(labels(condition))] : [];
          const values = await experiment.measure(condition, { seed, sinks: watching });
          found.add(condition, values);
          publish(means, experiment, condition, seed, values);
          // Lets the bar be drawn and an interrupt be heard.
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        await training.end();
      }
    }
  } finally {
    await means.end();
  }
  return found;
}

/** A legend shows values only: `depth 4` says more than 4. */
const labels = (condition: Condition): Attributes =>
  Object.fromEntries(
    Object.entries(condition).map(([factor, value]) => [
      factor,
      typeof value === 'number' ? `${factor} ${value}` : value,
    ]),
  );

/** On the page a finding is a point over the seeds, by condition. */
function publish(
  live: LiveRun,
  { quantities }: Experiment,
  condition: Condition,
  seed: number,
  values: Readonly<Record<string, number>>,
): void {
  const measured = quantities.filter(({ name }) => name in values);
  live.take(
    measured.map(({ name, unit }) => ({ name, unit, step: seed, value: values[name]!, attributes: labels(condition) })),
  );
}

function rowsOf(experiment: Experiment, findings: Findings): Row[] {
  const { name, quantities, conditions, baseline, reference } = experiment;
  return quantities.flatMap(({ name: quantity, unit }) =>
    conditions
      .filter((condition) => findings.values(quantity, condition).length > 0)
      .map((condition) => {
        const from = baseline?.(condition);
        const values = findings.values(quantity, condition);
        // A seed at which a condition left the quantity out has no pair.
        const paired = from && values.length === findings.values(quantity, from).length;
        const compared = paired && inWords(from) !== inWords(condition);
        const known = reference?.(quantity, condition);
        return {
          experiment: name,
          condition,
          quantity,
          unit,
          ...findings.mean(quantity, condition),
          values,
          ...(compared && { difference: { from, ...findings.difference(quantity, condition, from) } }),
          ...(known !== undefined && { reference: known }),
        };
      }),
  );
}
