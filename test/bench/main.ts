import { parseArgs } from 'node:util';
import { chooseBackend } from '../../adapters/backends/chooseBackend.js';
import { repairWasm } from '../../adapters/backends/repairWasm.js';
import { backends } from './backends.js';
import { curvature } from './curvature.js';
import { instrument } from './instrument.js';
import { type Row, rowTable } from './row.js';

/** The benchmarks by name; each measures its claims in one run, as ratios where it can. */
const BENCHES: Readonly<Record<string, () => Row[] | Promise<Row[]>>> = { instrument, curvature, backends };

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { backend: { type: 'string' }, json: { type: 'boolean', default: false } },
});
run(names.length > 0 ? names : Object.keys(BENCHES)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

async function run(chosen: readonly string[]): Promise<void> {
  // Where the tests keep the native backend, when it is not the user's own.
  if (process.env.SHARPSTREAM_NATIVE) process.env.XDG_CACHE_HOME = process.env.SHARPSTREAM_NATIVE;
  const { name: backend } = await chooseBackend(options.backend);
  if (backend === 'wasm') repairWasm();
  for (const bench of chosen) {
    const measure = BENCHES[bench];
    if (!measure) throw new RangeError(`there is no bench '${bench}'; there are ${Object.keys(BENCHES).join(', ')}`);
    const rows = await measure();
    const passed = rows.every((row) => row.passed);
    console.log(
      options.json ? JSON.stringify({ bench, backend, rows, passed }) : `${bench} on ${backend}\n${rowTable(rows)}\n`,
    );
    if (!passed) process.exitCode = 1;
  }
}
