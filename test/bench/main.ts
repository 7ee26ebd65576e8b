import { chooseBackend } from '../../adapters/backends/chooseBackend.js';
import { repairWasm } from '../../adapters/backends/repairWasm.js';
import { instrument } from './instrument.js';
import { type Row, rowTable } from './row.js';

/** The benchmarks by name; each measures its claims in one run, as ratios where it can. */
const BENCHES: Readonly<Record<string, () => Row[] | Promise<Row[]>>> = { instrument };

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const json = process.argv.includes('--json');
run(names.length > 0 ? names : Object.keys(BENCHES)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

async function run(chosen: readonly string[]): Promise<void> {
  const { name: backend } = await chooseBackend();
  if (backend === 'wasm') repairWasm();
  for (const bench of chosen) {
    const measure = BENCHES[bench];
    if (!measure) throw new RangeError(`there is no bench '${bench}'; there are ${Object.keys(BENCHES).join(', ')}`);
    const rows = await measure();
    const passed = rows.every((row) => row.passed);
    console.log(
      json ? JSON.stringify({ bench, backend, rows, passed }) : `${bench} on ${backend}\n${rowTable(rows)}\n`,
    );
    if (!passed) process.exitCode = 1;
  }
}
