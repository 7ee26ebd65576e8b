/** What the known metrics are called in a legend. No plain object: a metric may be called `constructor`. */
const WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'train.loss': 'training loss',
    'train.acc': 'training accuracy',
    'train.accuracy': 'training accuracy',
    'gradient.norm': 'gradient norm',
    'gradient.evaluations': 'gradient evaluations',
    'hessian.top_eigenvalue': 'λ max',
    'hessian.bottom_eigenvalue': 'λ min',
    'hessian.top_eigenvalue_residual': 'residual of λ max',
    'hessian.bottom_eigenvalue_residual': 'residual of λ min',
    'gauss_newton.top_eigenvalue_residual': 'residual of λ max of G',
    'hessian.rayleigh_gradient': 'curvature along the gradient',
    'hessian.spectral_density': 'spectral density',
    'sharpness.stability': 'λ max over the limit of stability',
    'sharpness.stability_residual': 'residual of λ max',
    'curvature.self_check': 'self-check of curvature, error',
    'gradient.self_check': 'self-check of gradients, error',
    'hessian.trace': 'tr H',
    'gauss_newton.top_eigenvalue': 'λ max of G',
    'gauss_newton.trace': 'tr G',
    'nme.trace': 'tr NME',
    'nme.norm': '‖NME‖',
    'nme.share': '‖NME‖ over ‖H‖',
    'nme.along_gradient': '‖NME ĝ‖',
    'penalty_hessian.top_eigenvalue': 'λ max of the penalties',
    'penalty_hessian.top_eigenvalue_residual': 'residual of λ max of the penalties',
    'penalty_hessian.trace': 'trace of the penalties',
    'sharpness.sam': 'sharpness, probed',
    'sam.gap': 'gap at each step',
    'sam.cosine': 'cosine of plain and SAM gradient',
    'sam.ascent_norm': 'length of the ascent step',
    'sam.rho': 'radius ρ',
    'sam.orthogonal_norm': 'length of the orthogonal part',
    'sam.reused_norm': 'length of what is reused',
    'features.rank': 'rank',
    'features.effective_rank': 'effective rank',
    'features.singular_values': 'singular values',
    'features.spectral_entropy': 'spectral entropy',
    'features.stable_rank': 'stable rank',
    'features.active_units': 'active units',
    'features.dead_units': 'dead units',
    'features.distinct_units': 'distinct units',
    'features.density': 'share of units that are on',
    'activation.second_derivative_density': 'share of units whose activation bends',
    'knn.error': 'error of the nearest neighbours',
    'gram.effective_rank': 'effective rank of the Gram matrix',
    'confidence.slope': 'slope',
    'confidence.intercept': 'intercept',
    'confidence.low_deviation': 'least confident quarter',
    'confidence.high_deviation': 'most confident quarter',
    'confidence.low_below_share': 'least confident, share below the teacher',
    'confidence.agreement': 'agreement on the top class',
    'confidence.total_variation': 'total variation distance',
    'confidence.clipped_share': 'share of clipped probabilities',
    'overhead.share': 'share',
    'step.duration': 'step',
    'probe.cost': 'cost',
  }),
);

/** A metric in words: the known ones as the field says them, any other by its own name. */
export const inWords = (metric: string): string =>
  WORDS.get(metric) ?? metric.slice(metric.indexOf('.') + 1).replaceAll(/[._]/g, ' ');

/** A UCUM unit as it is read: annotations without braces, and nothing for the unit 1. */
export const unitInWords = (unit: string): string => (unit === '1' ? '' : unit.replaceAll(/\{(.*?)\}/g, '$1'));

/** What reads as a title: the first letter large, unless it is a symbol. */
export const asTitle = (words: string): string =>
  /^[a-z]{2}/.test(words) ? words[0]!.toUpperCase() + words.slice(1) : words;
