import { createRequire } from 'node:module';
import type { Outcome } from './runSpecs.js';
import { loadSpecs } from './specs.js';

// A program: runs the specs that its argument names, and sends what became of each to its parent. They are loaded after
// the globals of jasmine that they want; and being written for a bundler, they want a global `require`.
const require = createRequire(import.meta.url);
Object.assign(globalThis, { require });
const jasmine = (require('jasmine-core') as JasmineCore).boot();
jasmine.DEFAULT_TIMEOUT_INTERVAL = 60_000;
const env = jasmine.getEnv();
const outcomes: Outcome[] = [];
env.configure({ random: false });
env.addReporter({
  specDone({ fullName, status, failedExpectations }) {
    outcomes.push({ spec: fullName.replace(' - {}', ''), status, message: failedExpectations[0]?.message ?? '' });
  },
});
await loadSpecs(process.argv[2]!);
await env.execute();
process.send!(outcomes, () => process.exit());

/** What is used of jasmine-core, which comes without types. */
interface JasmineCore {
  boot(): { DEFAULT_TIMEOUT_INTERVAL: number; getEnv(): Env };
}

interface Env {
  configure(options: { random: boolean }): void;
  addReporter(reporter: { specDone(result: SpecResult): void }): void;
  execute(): Promise<unknown>;
}

interface SpecResult {
  readonly fullName: string;
  readonly status: Outcome['status'];
  readonly failedExpectations: readonly { readonly message: string }[];
}
