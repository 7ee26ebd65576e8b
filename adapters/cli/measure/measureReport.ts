import { styleText } from 'node:util';
import type { Points } from '../../../src/core/watching.js';
import { densityPlot } from './densityPlot.js';
import { rounded } from './figures.js';
import type { MeasureResult } from './measure.js';
import type { Measured } from './measured.js';
import { measuredTable } from './measuredTable.js';
import { singularValuesPlot } from './singularValuesPlot.js';

/** What the command says on a terminal of so many columns. */
export function measureReport(result: MeasureResult, width: number): string {
  const { measurements } = result;
  const checks = measurements.filter(({ name }) => name.endsWith('.self_check'));
  const numbers = measurements.filter((m) => typeof m.value === 'number' && !checks.includes(m));
  const densities = measurements.filter(({ name }) => name === 'hessian.spectral_density');
  const spectra = measurements.filter(({ name }) => name === 'features.singular_values');
  return [
    summary(result),
    ...(numbers.length > 0 ? [measuredTable(numbers, width)] : []),
    ...densities.map((density) => plot(density, result.parameters, width)),
    ...(spectra.length > 0 ? [spectraByLayer(spectra, width)] : []),
    ...result.failures.map(({ probe, message }) => `${probe} failed: ${message}`),
    notes(numbers, checks),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function summary({ model, parameters, data, examples, loss, mode, backend, seed }: MeasureResult): string {
  return [
    `model    ${model}, ${parameters.toLocaleString('en')} parameters`,
    `data     ${data}, ${examples.toLocaleString('en')} examples`,
    `loss     ${loss}, in ${mode} mode`,
    `backend  ${backend}, seed ${seed}`,
  ].join('\n');
}

const plot = ({ name, value }: Measured, parameters: number, width: number): string =>
  `${styleText('dim', `${name}, density over λ`)}\n${densityPlot(value as Points, parameters, width)}`;

function spectraByLayer(spectra: readonly Measured[], width: number): string {
  const head = 'features.singular_values, from the largest down; a step of a bar is a factor of 10';
  const layers = spectra.map(({ attributes, value }) => ({
    layer: String(attributes.layer),
    values: (value as Points).y,
  }));
  return `${styleText('dim', head)}\n${singularValuesPlot(layers, width)}`;
}

/** How to read the table: only what it holds. */
function notes(numbers: readonly Measured[], checks: readonly Measured[]): string {
  const lines = [
    numbers.some(({ standardError }) => standardError) && '± of a random estimate is one standard error',
    numbers.some(({ residual }) => residual) && '± of an eigenvalue λ is its residual ‖Ax − λx‖',
    numbers.some(({ attributes }) => attributes.converged === false) &&
      '? the search ended before its residual was small; raise --max-products',
    ...checks.map(checked),
  ];
  const said = lines.filter((line) => line !== false).join('\n');
  return said && styleText('dim', said);
}

function checked({ name, value, attributes: { verdict } }: Measured): string {
  const what = name.split('.')[0];
  if (verdict === 'agrees') return `${what} agrees with finite differences`;
  if (verdict === 'kinked') return `${what} cannot be compared with finite differences: the loss has kinks nearby`;
  if (verdict === 'untrainable') {
    return `${what} agrees with finite differences, but TensorFlow.js alone has none and cannot train this model`;
  }
  return `${what} is wrong: it differs from finite differences by ${rounded(100 * (value as number))} %`;
}
