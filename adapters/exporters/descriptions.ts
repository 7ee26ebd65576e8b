/** What the metrics mean, as a metrics backend shows it. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'train.step': 'Number of the latest step, from 0',
  'train.loss': 'Loss of the step, penalties included',
  'gradient.norm': 'Euclidean norm of the loss gradient over all parameters',
  'gradient.evaluations': 'Gradient evaluations of the step, interventions included',
  'gradient.self_check': 'Relative difference of the gradient from differences of the loss',
  'step.duration': 'Time from one step to the next, watching left out',
  'sam.gap': 'Loss at the ascent point minus loss at the weights',
  'sam.ascent_norm': 'Length of the ascent step',
  'sam.cosine': 'Cosine between the gradients at the weights and at the ascent point',
  'sam.rho': 'Radius of the neighbourhood in weight space',
  'sam.active_steps': 'Steps on which SAM made its second gradient',
  'sam.orthogonal_norm': 'Length of the part of one of the gradients of SAM that is orthogonal to the other',
  'sam.reused_norm': 'Length of what LookSAM adds between two ascents',
  'hessian.top_eigenvalue': 'Largest eigenvalue of the Hessian of the data loss',
  'hessian.bottom_eigenvalue': 'Smallest eigenvalue of the Hessian of the data loss',
  'hessian.trace': 'Trace of the Hessian of the data loss',
  'hessian.rayleigh_gradient': 'Curvature of the data loss along its gradient',
  'hessian.spectral_density': 'Density of the eigenvalues of the Hessian of the data loss',
  'penalty_hessian.top_eigenvalue': 'Largest eigenvalue of the Hessian of the penalties of the model',
  'penalty_hessian.trace': 'Trace of the Hessian of the penalties of the model',
  'sharpness.sam': 'Largest loss found within a radius of the weights minus the loss',
  'sharpness.stability': 'Largest eigenvalue of the Hessian over the limit of the optimizer',
  'gauss_newton.top_eigenvalue': 'Largest eigenvalue of the Gauss-Newton matrix at the logits',
  'gauss_newton.trace': 'Trace of the Gauss-Newton matrix at the logits',
  'nme.trace': 'Trace of the nonlinear modelling error, Hessian minus Gauss-Newton',
  'nme.norm': 'Frobenius norm of the nonlinear modelling error, Hessian minus Gauss-Newton',
  'nme.share': 'Norm of the nonlinear modelling error over that of the Hessian',
  'nme.along_gradient': 'Norm of the nonlinear modelling error applied to the unit gradient',
  'features.rank': 'Principal directions that hold the variance of a layer, 99 % of it by default',
  'features.effective_rank': 'Exponential of the entropy of the singular values of the features of a layer',
  'features.spectral_entropy': 'Entropy of the singular values of the features of a layer, in nats',
  'features.stable_rank': 'Sum of the squared singular values of the features of a layer over the largest',
  'features.singular_values': 'Singular values of the features of a layer, largest first',
  'features.active_units': 'Units of a layer that are on for some example',
  'features.dead_units': 'Units of a layer that are on for no example',
  'features.density': 'Share of the units of a layer that are on, over all examples',
  'features.distinct_units': 'Active units of a layer, those that go together counted once',
  'knn.error': 'Share of examples not of the class of their nearest neighbours by the features of a layer',
  'gram.effective_rank': 'Exponential of the entropy of the eigenvalues of the Gram matrix of the features of a layer',
  'weights.effective_rank': 'Exponential of the entropy of the singular values of a weight matrix',
  'weights.stable_rank': 'Sum of the squared singular values of a weight matrix over the largest',
  'activation.second_derivative_density': 'Share of the units of a layer where its activation bends',
  'confidence.slope': 'Slope of student log-odds over teacher log-odds',
  'confidence.intercept': 'Intercept of student log-odds over teacher log-odds',
  'confidence.low_below_share': 'Share of the least confident quarter on which the student is less confident',
  'confidence.low_deviation': 'Median of student minus teacher log-odds on the least confident quarter',
  'confidence.high_deviation': 'Median of student minus teacher log-odds on the most confident quarter',
  'confidence.agreement': 'Share of examples on which teacher and student prefer the same class',
  'confidence.total_variation': 'Total variation distance between teacher and student',
  'confidence.clipped_share': 'Share of probabilities that were clipped before their log-odds',
  'confidence.scatter': 'Log-odds of the student against those of the teacher, example by example',
  'probe.cost': 'Time that a probe took on one step',
  'overhead.share': 'Share of wall time spent in watching',
  'sink.dropped': 'Measurements given up because a sink was slow',
  'nonfinite.count': 'Measured values that were infinite or not a number',
  'curvature.self_check': 'Relative difference of curvature from differences of the gradient',
  'sharpstream.failures': 'Failures of what watches training; training itself went on',
};

/** What comes with a metric, by what its name ends in. */
const COMPANIONS: readonly (readonly [suffix: string, what: string])[] = [
  ['.standard_error', 'Standard error'],
  ['_residual', 'Relative residual'],
];

/** Empty where nothing is known but the name. */
export function describe(metric: string): string {
  const known = DESCRIPTIONS[metric];
  if (known) return known;
  for (const [suffix, what] of COMPANIONS) {
    const of = metric.endsWith(suffix) && DESCRIPTIONS[metric.slice(0, -suffix.length)];
    if (of) return `${what}: ${of}`;
  }
  return '';
}
