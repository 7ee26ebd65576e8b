/**
 * How the code of "SAM leads to low-rank features" counts, where that differs from its text, of which the defaults are:
 * `featureRank({ ...featurePresets.deep.rank })`, `unitActivity({ ...featurePresets.twoLayer.units })`.
 *
 * - `deep`: its classifiers of images. The mean of each example, not of each feature, is subtracted.
 * - `twoLayer`: its student of a two-layer ReLU teacher. Nothing is subtracted, 99.99 % of the variance is held.
 * - `twoLayerSmooth`: the same for tanh and |x|, where a unit is on from 0.05 in size.
 *
 * Two things are not as in the code. For Φ = 0 it counts a rank of min(batch, features) + 1, here it is 0. Of more than 1,000
 * units it compares a random 1,000, here all that are active, or none where those are more than 1,024.
 *
 * @see https://github.com/tml-epfl/sam-low-rank-features
 */
export const featurePresets = {
  deep: { rank: { centering: 'rows', threshold: 0.99 }, units: { threshold: 0, correlation: 0.95 } },
  twoLayer: { rank: { centering: 'none', threshold: 0.9999 }, units: { threshold: 0, correlation: 0.999 } },
  twoLayerSmooth: { rank: { centering: 'none', threshold: 0.9999 }, units: { threshold: 0.05, correlation: 0.999 } },
} as const;
