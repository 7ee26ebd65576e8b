import { readFileSync, writeFileSync } from 'node:fs';
import { refused } from '../../../../src/curvature/derivatives/refusals.js';
import type { TestedBackend } from '../../onBackends.js';

/** What becomes of a kernel on the way from the weights to a loss whose curvature is asked for. */
export type State = 'exact' | 'zero curvature' | 'refused' | 'no first gradient' | 'no kernel';

export type States = Readonly<Record<string, State>>;

const backends = ['cpu', 'wasm', 'tensorflow'] as const;

const document = new URL('../../../../docs/second-derivatives.md', import.meta.url);
const data = new URL('../../../../adapters/cli/data/secondDerivatives.gen.ts', import.meta.url);

/** What the two files that show the table hold, by where they lie. */
export function generated(states: Readonly<Record<TestedBackend, States>>): [URL, string][] {
  const kernels = Object.keys(states.cpu);
  const rows = kernels.map((kernel) => [kernel, ...backends.map((backend) => states[backend][kernel]!)]);
  return [
    [document, markdown(rows)],
    [data, typescript(rows)],
  ];
}

export const read = (file: URL): string => readFileSync(file, 'utf8');

export const write = (file: URL, text: string): void => writeFileSync(file, text);

function markdown(rows: readonly string[][]): string {
  const counts = backends.map((backend, i) => {
    const count = (state: State): number => rows.filter((row) => row[i + 1] === state).length;
    return `| ${backend} | ${order.map(count).join(' | ')} |`;
  });
  return `${intro}
| backend | ${order.join(' | ')} |
|---|${order.map(() => '---:|').join('')}
${counts.join('\n')}

## Refused, and what to write instead

${Object.entries(refused)
  .map(([kernel, reason]) => `- \`${kernel}\`: ${reason}.`)
  .join('\n')}

## Kernel by kernel

| kernel | ${backends.join(' | ')} |
|---|---|---|---|
${rows.map(([kernel, ...cells]) => `| \`${kernel}\` | ${cells.join(' | ')} |`).join('\n')}
`;
}

const order: readonly State[] = ['exact', 'zero curvature', 'refused', 'no first gradient', 'no kernel'];

const intro = `# Second derivatives, kernel by kernel

This page is written by \`test/curvature/derivatives/coverage.test.ts\`, from what it finds with TensorFlow.js 4.22 on three backends
(wasm after \`repairWasm()\`). Inside of \`twiceDifferentiable\`, and so under every operator and metric of this library, a kernel
is one of these:

- **exact**: first and second derivatives, in every input that has one, agree with JAX in float64 to 5 parts in a million.
- **zero curvature**: constant wherever it can be differentiated; it adds zeros, where TensorFlow.js mostly throws.
- **refused**: what TensorFlow.js has for a derivative is none, or hides decisions; an error names the kernel and the remedy.
- **no first gradient**: TensorFlow.js cannot train through it, and there is no derivative here; an error names the kernel.
- **no kernel**: the backend has none; where an operation of that name works all the same, it is made of other kernels.

Beyond the table, TensorFlow.js cannot train dilated convolutions anywhere, nor explicit padding on tensorflow; and on wasm
it gathers wrong, forward already, where \`batchDims\` is not 0.
`;

function typescript(rows: readonly string[][]): string {
  const states = rows.map(([kernel, ...cells]) => {
    const pairs = backends.map((backend, i) => `${backend}: '${cells[i]}'`);
    return `  { kernel: '${kernel}', ${pairs.join(', ')} },`;
  });
  return `// Written by test/curvature/derivatives/coverage.test.ts. Do not edit.

/** What becomes of a kernel on the way from the weights to a loss whose curvature is asked for; docs/second-derivatives.md explains. */
export type DerivativeState = ${order.map((state) => `'${state}'`).join(' | ')};

/** The second derivatives of TensorFlow.js 4.22 by kernel and backend, inside of \`twiceDifferentiable\`. */
export const secondDerivatives: readonly {
  readonly kernel: string;
  readonly cpu: DerivativeState;
  readonly wasm: DerivativeState;
  readonly tensorflow: DerivativeState;
}[] = [
${states.join('\n')}
];
`;
}
