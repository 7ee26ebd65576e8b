import type { Needs } from './intervention.js';

/** What a training loop gives to those who watch or change it, besides loss and parameters. */
export interface Offers {
  readonly outputs: boolean;
  readonly batch: boolean;
  /** The names of the layers whose output can be had; `undefined` where any name may be asked for. */
  readonly features: boolean;
  readonly layers?: readonly string[];
  /** The names of the layers whose activation can be replaced; `true` where any name may be asked for. */
  readonly activations: readonly string[] | boolean;
  /** What the loop is, and what to do for more. */
  readonly loop: string;
  readonly remedy: string;
}

/** @throws TypeError if `who` needs what the loop does not offer, naming the remedy. */
export function checkNeeds(who: string, needs: Needs | undefined, offers: Offers): void {
  for (const [what, words] of Object.entries(PARTS) as [keyof Needs, string][]) {
    if (!needs?.[what] || [offers[what]].flat().some(Boolean)) continue;
    throw new TypeError(`${who} needs ${words}, which ${offers.loop} does not offer; ${offers.remedy}`);
  }
  checkNames(who, 'layer', needs?.features, offers.layers);
  checkNames(who, 'activation of a layer', needs?.activations, offers.activations);
}

/** What is needed by several together; `undefined` if nothing is. */
export function jointly(several: readonly (Needs | undefined)[]): Needs | undefined {
  const joint: Record<string, AskedFor> = {};
  for (const [what, asked] of several.flatMap((needs) => Object.entries(needs ?? {}))) {
    if (asked) joint[what] = both(joint[what], asked);
  }
  return Object.keys(joint).length > 0 ? joint : undefined;
}

/** Where there are names, some will be there. */
function both(some: AskedFor | undefined, others: AskedFor): AskedFor {
  const names = [some, others].flatMap((asked) => (Array.isArray(asked) ? asked : []));
  return names.length > 0 ? [...new Set(names)] : others;
}

type AskedFor = readonly string[] | true;

const PARTS: Readonly<Record<keyof Needs, string>> = {
  outputs: 'the outputs of the model',
  batch: 'the batch of the step',
  features: 'the features of layers',
  activations: 'the activations of layers',
};

/** @throws RangeError if a name is asked for that is not there, where both are told. */
function checkNames(who: string, what: string, asked: Names, there: Names): void {
  if (!Array.isArray(asked) || !Array.isArray(there)) return;
  const unknown = asked.find((name) => !there.includes(name));
  if (unknown === undefined) return;
  throw new RangeError(`${who}: there is no ${what} '${unknown}'; there are ${there.join(', ')}`);
}

type Names = readonly string[] | boolean | undefined;
