import { type GradConfig, getGradient, registerGradient, unregisterGradient } from '@tensorflow/tfjs-core';

/** What lies over the gradient that a kernel had, last on top; each layer its own object, for one config may be laid twice. */
interface Pile {
  readonly below: GradConfig | undefined;
  readonly layers: { readonly config: GradConfig }[];
}

const piles = new Map<string, Pile>();

/**
 * Registers gradients over those that the kernels have, for the process, and returns what takes them off again: in any
 * order, whatever else has been laid meanwhile. Taking off twice is fine. A gradient that somebody else registers in
 * between stays.
 */
export function layGradients(configs: readonly GradConfig[]): () => void {
  const undo = configs.map(lay);
  return () => {
    for (const takeOff of undo.splice(0)) takeOff();
  };
}

function lay(config: GradConfig): () => void {
  const { kernelName } = config;
  const pile = piles.get(kernelName) ?? { below: registered(kernelName), layers: [] };
  piles.set(kernelName, pile);
  const layer = { config };
  pile.layers.push(layer);
  put(kernelName, config);
  return () => {
    const top = pile.layers.at(-1)!;
    pile.layers.splice(pile.layers.indexOf(layer), 1);
    const next = pile.layers.at(-1)?.config ?? pile.below;
    if (top === layer && registered(kernelName) === config) put(kernelName, next);
    if (pile.layers.length === 0) piles.delete(kernelName);
  };
}

const registered = (kernelName: string): GradConfig | undefined => getGradient(kernelName) as GradConfig | undefined;

function put(kernelName: string, config: GradConfig | undefined): void {
  if (registered(kernelName)) unregisterGradient(kernelName);
  if (config) registerGradient(config);
}
