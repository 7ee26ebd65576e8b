import type { Activation } from '../../../../src/activations/activation.js';
import { betaGelu } from '../../../../src/activations/betaGelu.js';
import type { Intervention } from '../../../../src/core/intervention.js';
import type { Objective } from '../../../../src/core/objective.js';
import { gradientPenalty } from '../../../../src/interventions/gradientPenalty.js';
import { sam } from '../../../../src/interventions/sam.js';
import { secondDerivativeDensity } from '../../../../src/metrics/secondDerivativeDensity.js';
import { type Criterion, criterion } from '../criterion.js';
import { crossed } from '../crossed.js';
import type { Condition, Experiment, Measured } from '../experiment.js';
import type { Findings } from '../findings.js';
import { measured } from './measured.js';
import { placeOf } from './placeOf.js';
import { ACCURACY, described, SEEN, type TrainingSize, trained } from './trained.js';

/** How large; with the radii of the table, the last of which is judged. */
export interface AblationSize extends TrainingSize {
  readonly rhos: readonly number[];
}

export const ABLATION_SIZE: AblationSize = {
  examples: 250,
  hidden: [64, 64, 64],
  epochs: 50,
  batchSize: 50,
  rhos: [0.4, 0.8],
};

const DENSITY = 'activation.second_derivative_density';

/** What the optimizer gets in place of g, the gradient on a batch; ĝ is its direction. */
export const UPDATES: Readonly<Record<string, (rho: number) => Intervention>> = {
  'SAM: g(w + ρĝ)': (rho) => sam({ rho }),
  'g + ρHĝ': (rho) => gradientPenalty(rho),
  'g + ρHĝ with φ″ = 0': (rho) => gradientPenalty(rho, { matrix: 'flat-activations' }),
  'g + ρGĝ': (rho) => gradientPenalty(rho, { matrix: 'gauss-newton' }),
};
const [SAM, WHOLE, FLAT, PART] = Object.keys(UPDATES) as [string, string, string, string];
const PLAIN = 'g';

/** What is shown over ρ; the others are judged at the last, and the study is to end within four minutes. */
const OVER_RHO: readonly string[] = [WHOLE, PART];

const SMOOTH = 'GELU';
/** Nearly a ReLU: φ″ is high, and 0 but for a few units. */
const STEEP = 'β-GELU of β = 20';
const ACTIVATIONS: Readonly<Record<string, Activation>> = { [SMOOTH]: betaGelu(), [STEEP]: betaGelu(20) };

/** At {@link ABLATION_SIZE}, in the order of the conditions. */
const REFERENCE: Readonly<Record<string, readonly number[]>> = {
  [ACCURACY]: [0.76, 0.896, 0.814, 0.872, 0.833, 0.781, 0.797, 0.78, 0.421],
  [SEEN]: [1, 0.823, 0.965, 0.881, 0.936, 0.995, 0.967, 1, 0.417],
};

/** Gradient penalties of which a part of H is left out of the update, beside SAM: which part it is that helps. */
export function ablation(size: AblationSize): Experiment {
  const { rhos } = size;
  const judged = rhos.at(-1)!;
  const conditions: readonly Condition[] = [
    { activation: SMOOTH, update: PLAIN, rho: 0 },
    ...crossed({ activation: [SMOOTH], update: Object.keys(UPDATES), rho: rhos }).filter(
      ({ update, rho }) => rho === judged || OVER_RHO.includes(update as string),
    ),
    { activation: STEEP, update: PLAIN, rho: 0 },
    { activation: STEEP, update: WHOLE, rho: judged },
  ];
  return {
    name: 'ablation',
    title:
      `${described(size)} In place of g, the gradient on a batch, the optimizer gets what update says, ĝ = g/‖g‖; the density is the ` +
      'share of units where φ″ counts, before training.',
    claim:
      'The part of H beside G, through the second derivative of the activation, is what makes gradient penalties work as SAM does; ' +
      'where few units carry it, as with a large β, they fail.',
    quantities: [ACCURACY, SEEN, DENSITY].map((name) => ({ name, unit: '1' })),
    conditions,
    baseline: () => ({ activation: SMOOTH, update: PLAIN, rho: 0 }),
    reference: (quantity, condition) =>
      size === ABLATION_SIZE ? REFERENCE[quantity]?.[placeOf(condition, conditions)] : undefined,
    measure: ({ activation, update, rho }, trial) =>
      trained(size, trial, {
        activation: ACTIVATIONS[activation!]!,
        interventions: update === PLAIN ? [] : [UPDATES[update!]!(rho as number)],
        // Before training all updates are alike.
        ...(update === PLAIN && { before: densityOf }),
      }),
    judge: (findings) => judge(findings, judged),
  };
}

const densityOf = (objective: Objective): Measured => measured(objective, [secondDerivativeDensity()]);

function judge(findings: Findings, rho: number): Criterion[] {
  const at = (update: string, activation = SMOOTH) => ({ activation, update, rho: update === PLAIN ? 0 : rho });
  const gain = (update: string, over: string, activation = SMOOTH) =>
    findings.difference(ACCURACY, at(update, activation), at(over));
  const [smooth, steep] = [SMOOTH, STEEP].map((activation) => findings.mean(DENSITY, at(PLAIN, activation)).value);
  const learned = findings.values(SEEN, at(PLAIN));
  return [
    criterion(
      `plain training learns its labels, wrong ones included: least ${SEEN}`,
      { value: Math.min(...learned) },
      '>=',
      0.99,
    ),
    criterion(`${ACCURACY} at ρ ${rho}: ${WHOLE} less ${PART}`, gain(WHOLE, PART), '>=', 0.03),
    criterion(`${ACCURACY} at ρ ${rho}: ${WHOLE} less ${FLAT}`, gain(WHOLE, FLAT), '>=', 0.015),
    criterion(`${ACCURACY} at ρ ${rho}: ${WHOLE} less ${PLAIN}`, gain(WHOLE, PLAIN), '>=', 0.05),
    criterion(`${ACCURACY} at ρ ${rho}: ${SAM} less ${PLAIN}`, gain(SAM, PLAIN), '>=', 0.05),
    criterion(
      `${ACCURACY} at ρ ${rho}: ${WHOLE} with ${STEEP} less ${PLAIN} with ${SMOOTH}`,
      gain(WHOLE, PLAIN, STEEP),
      '<=',
      -0.3,
    ),
    criterion(
      `share of units where φ″ counts, before training: ${STEEP} over ${SMOOTH}`,
      { value: steep! / smooth! },
      '<=',
      0.5,
    ),
  ];
}
