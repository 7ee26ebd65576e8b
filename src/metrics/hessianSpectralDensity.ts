import type { Probe } from '../core/watching.js';
import {
  checkSpectralDensity,
  type SpectralDensityOptions,
  spectralDensity,
} from '../curvature/spectrum/spectralDensity.js';
import type { CurvatureConditions } from './curvatureConditions.js';
import { type CurvatureTarget, curvatureProbe } from './curvatureProbe.js';

/** What {@link hessianSpectralDensity} takes. */
export interface HessianSpectralDensityOptions extends CurvatureConditions, Omit<SpectralDensityOptions, 'random'> {}

/**
 * `hessian.spectral_density`, the points (λ, density of the eigenvalues of H near λ): the whole spectrum of the Hessian of
 * the data loss at w_t, smoothed by a Gaussian of width sigma. It integrates to 1.
 *
 * By stochastic Lanczos quadrature. Most of the eigenvalues of a network lie about 0; what stands apart is told best on a
 * logarithmic scale. Penalties and interventions are left out.
 *
 * Cost: 1 gradient for the record, shared between the curvature probes of a step, and 2 for each product, of which there
 * are draws × steps: 240 gradients by default. The first of a run adds the self-check.
 *
 * @throws RangeError or TypeError if steps, draws or sigma are out of range, or the conditions are not sound; when
 *   measuring, if sigma is too small for the range of the spectrum.
 * @see Ghorbani, Krishnan, Xiao 2019, arXiv 1901.10159; Yao et al. 2020, PyHessian, arXiv 1912.07145
 *
 * @example
 * instrument(model, { metrics: [[hessianSpectralDensity({ on: { x, y } }), logSpaced(3)]] });
 */
export function hessianSpectralDensity(options: HessianSpectralDensityOptions = {}): Probe {
  const { steps, draws, sigma, ...conditions } = options;
  checkSpectralDensity('hessianSpectralDensity', { steps, draws, sigma });
  const reading: CurvatureTarget['reading'] =
    (step, { curvature: { hessian } }) =>
    () => {
      const { grid, density, products } = spectralDensity(hessian, { steps, draws, sigma, random: step.random });
      step.ledger.evaluated(products * hessian.cost);
      return [{ name: QUANTITY, value: { x: grid, y: density } }];
    };
  return curvatureProbe('hessianSpectralDensity', { quantities: [QUANTITY], reading }, conditions);
}

const QUANTITY = 'hessian.spectral_density';
