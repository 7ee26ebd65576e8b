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
  const lacks = (what: string): never => {
    throw new TypeError(`${who} needs ${what}, which ${offers.loop} does not offer; ${offers.remedy}`);
  };
  if (needs?.outputs && !offers.outputs) lacks('the outputs of the model');
  if (needs?.batch && !offers.batch) lacks('the batch of the step');
  if (needs?.features && !offers.features) lacks('the features of layers');
  if (needs?.activations && !hasAny(offers.activations)) lacks('the activations of layers');
  checkNames(who, 'layer', needs?.features, offers.layers);
  checkNames(who, 'activation of a layer', needs?.activations, offers.activations);
}

/** What is needed by several together; `undefined` if nothing is. */
export function jointly(several: readonly (Needs | undefined)[]): Needs | undefined {
  const joint = several.reduce<Needs>((some, others = {}) => both(some, others), {});
  return Object.keys(joint).length > 0 ? joint : undefined;
}

function both(some: Needs, others: Needs): Needs {
  const features = bothNames(some.features, others.features);
  const activations = bothNames(some.activations, others.activations);
  return {
    ...((some.outputs || others.outputs) && { outputs: true }),
    ...((some.batch || others.batch) && { batch: true }),
    ...(features && { features }),
    ...(activations && { activations }),
  };
}

/** Where there are names, some will be there. */
function bothNames(some: AskedFor, others: AskedFor): AskedFor {
  const names = [some, others].flatMap((asked) => (asked === true ? [] : (asked ?? [])));
  return names.length > 0 ? [...new Set(names)] : (some ?? others);
}

type AskedFor = readonly string[] | true | undefined;

const hasAny = (names: readonly string[] | boolean): boolean => (typeof names === 'boolean' ? names : names.length > 0);

/** @throws RangeError if a name is asked for that is not there, where both are told. */
function checkNames(who: string, what: string, asked: Names, there: Names): void {
  if (!Array.isArray(asked) || !Array.isArray(there)) return;
  const unknown = asked.find((name) => !there.includes(name));
  if (unknown === undefined) return;
  throw new RangeError(`${who}: there is no ${what} '${unknown}'; there are ${there.join(', ')}`);
}

type Names = readonly string[] | boolean | undefined;
