import { createRequire } from 'node:module';
import type { Outcome } from './runSpecs.js';
import { setUp } from './setUp.js';

// A program: runs the specs of tfjs-core on the backend its argument names, and sends what became of each to its parent.
// They are loaded last, for they want the globals of jasmine and the name of the backend; and being written for a
// bundler, a global `require`.
const require = createRequire(import.meta.url);
Object.assign(globalThis, { require });
const env = (require('jasmine-core') as JasmineCore).boot().getEnv();
const outcomes: Outcome[] = [];
env.configure({ random: false });
env.addReporter({
  specDone({ fullName, status, failedExpectations }) {
    outcomes.push({ spec: fullName.replace(' - {}', ''), status, message: failedExpectations[0]?.message ?? '' });
  },
});

const backendName = await setUp(process.argv[2]!);
const { setTestEnvs } = await import('@tensorflow/tfjs-core/dist/jasmine_util.js');
setTestEnvs([{ name: '-', backendName, flags: {}, isDataSync: true }]);
await import('@tensorflow/tfjs-core/dist/tests.js');
await env.execute();
process.send!(outcomes);

/** What is used of jasmine-core, which comes without types. */
interface JasmineCore {
  boot(): { getEnv(): Env };
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
