import type { Probe } from '../core/watching.js';
import { type Centering, centered, checkCentering } from '../linalg/centered.js';
import { squaredSingularValues } from '../linalg/squaredSingularValues.js';
import { checkLayers, hiddenLayers } from './hiddenLayers.js';
import { layerFeatures } from './layerFeatures.js';
import { checkConditions, type ProbeConditions, probedObjective } from './probedObjective.js';
import { effectiveRank } from './spectrum.js';

/** What {@link gramRank} takes. */
export interface GramRankOptions extends ProbeConditions {
  /** Names of layers. Default: every hidden layer with weights. */
  readonly layers?: readonly string[];
  /** What is subtracted from the features first. Default 'none', as the source does. */
  readonly centering?: Centering;
}

/**
 * `gram.effective_rank` [{dimension}] by layer: exp(−Σ pᵢ ln pᵢ), p = λ / Σ λ, λ the eigenvalues of the Gram matrix
 * K = Φ Φᵀ of the features Φ `[batch, features]`, maps flattened; 0 where Φ = 0.
 *
 * λ are the squares of the singular values of Φ, so this is below `features.effective_rank` of the same centring, and tells
 * less of weak directions. It does not exceed the number of examples: compare only values of equally large sets.
 *
 * Cost: a forward pass for all layers together, counted as a third of a gradient evaluation and shared with the other
 * probes of features; then as `featureRank`.
 *
 * @throws RangeError or TypeError if centering is unknown, layers is empty, or the conditions are not sound; when the run
 *   is made, if there is no layer of that name; when measuring, if features are not finite.
 * @see Huh, Mobahi, Zhang, Cheung, Agrawal, Isola 2021, arXiv 2103.10427; Roy, Vetterli 2007
 */
export function gramRank({ layers, centering = 'none', ...conditions }: GramRankOptions = {}): Probe {
  checkConditions('gramRank', conditions);
  checkLayers('gramRank', layers);
  checkCentering('gramRank', centering);
  return {
    name: 'gramRank',
    measures: [{ name: 'gram.effective_rank', unit: '{dimension}' }],
    needs: { features: layers ?? true, batch: conditions.on !== undefined },
    on: conditions.on,
    measure(step) {
      const { mode } = probedObjective(step, 'gramRank', conditions);
      const names = hiddenLayers(step, 'gramRank', layers);
      return layerFeatures(step, 'gramRank', names, conditions).map((features, i) => ({
        name: 'gram.effective_rank',
        value: effectiveRank(squaredSingularValues(centered(features, centering))),
        attributes: { layer: names[i]!, centering, ...(mode && { mode }) },
      }));
    },
  };
}
