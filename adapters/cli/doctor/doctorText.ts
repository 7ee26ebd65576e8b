import { styleText } from 'node:util';
import { remedyForHalf } from '../../../src/curvature/checks/precision.js';
import type { Examination } from '../../backends/examineBackend.js';
import { type Diagnosis, type ExaminedBackend, starts } from './diagnose.js';
import { derivativeStates } from './kernelsByState.js';

const WIDTH = 80;

/** Lays a diagnosis out for a terminal of 80 columns. */
export function doctorText(diagnosis: Diagnosis): string {
  const { node, machine, tfjs, backends, chosen } = diagnosis;
  const { platform, arch, cores } = machine;
  const blocks = [
    `Node ${node} · tfjs ${tfjs} · ${platform} ${arch}, ${cores} ${cores === 1 ? 'core' : 'cores'}`,
    backendTable(backends),
    ...(chosen ? [`The commands run on ${chosen} unless told otherwise.`] : []),
    ...problems(backends),
    ...(chosen ? [kernelTable(diagnosis)] : []),
    missingList(diagnosis),
  ];
  return blocks.join('\n\n');
}

function backendTable(backends: readonly ExaminedBackend[]): string {
  const head = ['backend', 'version', 'threads', 'precision', 'GFLOP/s', 'second derivatives'];
  const rows = backends.map((backend) =>
    starts(backend) ? examined(backend) : [backend.name, backend.installed ? 'does not start' : 'not installed'],
  );
  return table([head, ...rows], new Set([2, 4]));
}

function examined({ name, version, threads, precision, gflops, secondOrder }: Examination): string[] {
  const repaired = name === 'wasm' ? ', repaired' : '';
  const verdict = secondOrder.works ? 'right' : 'WRONG';
  return [name, `${version}${repaired}`, String(threads), precision, figures(gflops), verdict];
}

const figures = (gflops: number): string => (gflops < 10 ? gflops.toFixed(1) : gflops.toFixed(0));

/** Why a backend does not start, or is not to be trusted; what is merely not installed stands under what is missing. */
function problems(backends: readonly ExaminedBackend[]): string[] {
  return backends.flatMap((backend) => {
    const told = starts(backend) ? mistrust(backend) : backend.installed && backend.problem;
    return told ? [wrapped(`${backend.name}: ${told}`)] : [];
  });
}

function mistrust({ name, precision, secondOrder }: Examination): string | undefined {
  const { works, problem, error, selfCheck } = secondOrder;
  if (precision === 'half')
    return `computes in half precision on this device; no curvature is measured on it; ${remedyForHalf(name)}`;
  if (works) return undefined;
  return (
    problem ??
    `the second derivative of x tanh x is off by ${error?.toExponential(0)}, the self-check says ${selfCheck}`
  );
}

function kernelTable({ kernels }: Diagnosis): string {
  const names = Object.keys(kernels);
  const rows = derivativeStates.map((state) => [state, ...names.map((name) => String(kernels[name]![state].length))]);
  const counts = table([['second derivatives of kernels', ...names], ...rows], new Set(names.map((_, i) => i + 1)));
  const refused = new Set(names.flatMap((name) => kernels[name]!.refused));
  return `${counts}\n\n${wrapped(`Refused by name: ${[...refused].sort().join(', ')}. All of them: docs/second-derivatives.md.`)}`;
}

function missingList({ missing }: Diagnosis): string {
  if (missing.length === 0) return 'Nothing is missing.';
  return missing
    .map(({ what, use, remedy }) => `${wrapped(`${what}, for ${use}, is missing:`)}\n${wrapped(remedy, '  ')}`)
    .join('\n');
}

function table(rows: readonly (readonly string[])[], right: ReadonlySet<number>): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head, ...body] = rows.map((row) =>
    row
      .map((cell, i) => (right.has(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [styleText('dim', `${head}\n${rule}`), ...body].join('\n');
}

/** Breaks a text between words, so that no line is longer than the terminal. */
function wrapped(text: string, indent = ''): string {
  const lines = [indent];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line === indent) lines[lines.length - 1] = indent + word;
    else if (line.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(indent + word);
  }
  return lines.join('\n');
}
