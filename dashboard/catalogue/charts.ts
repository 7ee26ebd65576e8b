/** The scale of a vertical axis. */
export type Scale = 'linear' | 'log';

/** A chart of known metrics. */
export interface ChartSpec {
  readonly title: string;
  /** What it shows and what to look for. */
  readonly hint: string;
  /** One line for each, and for each set of attributes; the last is drawn on top. */
  readonly metrics: readonly string[];
  readonly scale?: Scale;
  /** A height to compare with, ruled across. */
  readonly reference?: number;
  /** Of points: what lies across and what up. The axes of a scatter are then alike. */
  readonly axes?: readonly [string, string];
  /** Points that are one curve, from left to right, and not a scatter. */
  readonly curve?: true;
}

/** The charts of the overview in their order. In three columns each line here is a row, with the scatter two rows high. */
export const OVERVIEW: readonly ChartSpec[] = [
  {
    title: 'Loss',
    hint: 'What the optimizer minimises, penalties included, on the batch of the step.',
    metrics: ['train.loss'],
  },
  {
    title: 'Gradient norm',
    hint: 'Euclidean norm of the gradient that the optimizer gets, over all parameters together.',
    metrics: ['gradient.norm'],
    scale: 'log',
  },
  {
    title: 'Sharpness, λ max',
    hint: 'Largest eigenvalue λ max of the Hessian of the loss at the weights. Gradient descent with learning rate η is stable below 2/η.',
    metrics: ['hessian.bottom_eigenvalue', 'hessian.top_eigenvalue'],
  },
  {
    title: 'Rise of the loss nearby',
    hint: 'How much the loss grows within the radius ρ of the weights: at each ascent step of SAM, and as measured by the probe.',
    metrics: ['sam.gap', 'sharpness.sam'],
  },
  {
    title: 'Traces, H = G + NME',
    hint: 'The Hessian H, its Gauss–Newton part G and the nonlinear modelling error NME = H − G. Shaded: ± 1 standard error of the estimate.',
    metrics: ['hessian.trace', 'gauss_newton.trace', 'nme.trace'],
    reference: 0,
  },
  {
    title: 'Size of the NME',
    hint: 'Frobenius norm of the nonlinear modelling error H − G. Shaded: ± 1 standard error of the estimate.',
    metrics: ['nme.norm'],
  },
  {
    title: 'Rank of the features',
    hint: 'Directions that hold 99 % of the variance of what a layer puts out, by layer.',
    metrics: ['features.rank'],
  },
  {
    title: 'Effective rank',
    hint: 'Exponential of the entropy of the spectrum of the features, by layer: the rank without a threshold.',
    metrics: ['features.effective_rank'],
  },
  {
    title: 'Student against teacher',
    hint: 'Log-odds ln p/(1 − p) of the top class of the teacher, one point an example. On the dashed line both agree; a line steeper than it means that the student exaggerates the confidence of its teacher.',
    metrics: ['confidence.scatter'],
    axes: ['teacher, log-odds (nat)', 'student, log-odds (nat)'],
  },
  {
    title: 'Slope of student on teacher',
    hint: 'Least-squares slope of the log-odds. Above 1 the student exaggerates the confidence of its teacher.',
    metrics: ['confidence.slope'],
    reference: 1,
  },
  {
    title: 'Confidence deviation',
    hint: 'Median of student − teacher log-odds over the quarter of examples of which the teacher is least, and most, confident.',
    metrics: ['confidence.low_deviation', 'confidence.high_deviation'],
    reference: 0,
  },
  {
    title: 'Time spent watching',
    hint: 'Time in probes over wall time. What interventions cost, as the second gradient of SAM, is not in it.',
    metrics: ['overhead.share'],
  },
  {
    title: 'Duration of a step',
    hint: 'Wall time from one training step to the next, without the time spent watching.',
    metrics: ['step.duration'],
    scale: 'log',
  },
  {
    title: 'Cost of each probe',
    hint: 'Time of one measurement, by probe.',
    metrics: ['probe.cost'],
    scale: 'log',
  },
];

/** Charts that stand below the overview, among the others of their prefix, and are known all the same. */
export const DETAILS: readonly ChartSpec[] = [
  {
    title: 'Density of the spectrum',
    hint: 'How the eigenvalues of the Hessian are spread: the area over an interval is the share of them that lies there. Most are near 0; what stands apart on the right are the few directions in which the loss is sharp.',
    metrics: ['hessian.spectral_density'],
    axes: ['eigenvalue λ', 'density'],
    curve: true,
    scale: 'log',
  },
  {
    title: 'Singular values of the features',
    hint: 'All singular values of what a layer puts out, largest first. Where the curve falls steeply, the features lie near a space of so few dimensions.',
    metrics: ['features.singular_values'],
    axes: ['number, from the largest', 'singular value'],
    curve: true,
    scale: 'log',
  },
  {
    title: 'Active units',
    hint: 'Units of a layer that are on for some example of the set.',
    metrics: ['features.active_units'],
  },
  {
    title: 'Dead units',
    hint: 'Units of a layer that are on for no example of the set: they could be left out.',
    metrics: ['features.dead_units'],
  },
  {
    title: 'Distinct units',
    hint: 'Active units of a layer, of those that go up and down together only one counted.',
    metrics: ['features.distinct_units'],
  },
  {
    title: 'Error of the nearest neighbours',
    hint: 'Share of examples that are not of the class of their nearest neighbours by the features of a layer: how well the features alone tell the classes apart.',
    metrics: ['knn.error'],
  },
];
