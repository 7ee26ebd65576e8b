#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { cac } from 'cac';
import type { DemoOptions } from './demo.js';
import type { DoctorOptions } from './doctor/doctor.js';
import type { MeasureOptions } from './measure/measureOptions.js';
import { missingPackage } from './missingPackage.js';
import { native } from './native.js';
import type { ServeOptions } from './serve.js';
import type { StudyOptions } from './study/studyOptions.js';

const cli = cac('sharpstream');

cli
  .command('demo', 'Train a student on real digits under SAM with a teacher, and watch it live')
  .option('--steps <n>', 'Training steps of the student', { default: 500 })
  .option('--backend <name>', 'tensorflow, wasm or cpu; the fastest that is installed if left out')
  .option('--port <n>', 'Port of the dashboard; 6070, or the next that is free, if left out')
  .option('--no-dashboard', 'Train without the live page')
  .option('--otlp <url>', 'Send the measurements to an OpenTelemetry Collector as well, e.g. http://localhost:4318')
  .option('--json', 'Print the result as one JSON object on the last line')
  // Loaded when it is asked for: it brings all of tfjs.
  .action(async (options: DemoOptions) => (await import('./demo.js')).demo(options));

cli
  .command('measure', 'Measure a saved model on a data set: curvature with its error bars, and ranks')
  .option('--model <file>', 'model.json of a tfjs-layers model, its shards beside it')
  .option('--data <file>', '.npz of x and y; x_0, x_1, y_0, y_1 for several inputs or outputs')
  .option('--loss <name>', 'As in model.compile, or softmaxCrossEntropy, sigmoidCrossEntropy; default: as saved')
  .option('--metrics <names>', 'Measurements or families, e.g. hessian,nme.trace; default: all')
  .option('--batch-size <n>', 'Examples in memory at a time; default: 512')
  .option('--examples <n>', 'Examples that ranks of features are measured on; default: 512')
  .option('--neighbours <k>', 'Neighbours that vote on the class of an example, for knn.error; default: 10')
  .option('--standard-error <x>', 'Standard error of traces to stop at, relative to the largest; default: 0.03')
  .option('--samples <n>', 'Random directions for traces at most; default: 100')
  .option('--exact', 'Exact traces, by as many products as there are parameters')
  .option('--blocks <by>', 'layer or parameter: traces of these blocks too, at no further cost')
  .option('--tolerance <x>', 'Error of an eigenvalue to stop at, relative to the largest; default: 0.001')
  .option('--max-products <n>', 'Products to stop at in the search for an eigenvalue; default: 100')
  .option('--rho <x>', 'Length of the step uphill for sharpness.sam; default: 0.05')
  .option('--mode <mode>', 'inference or training, for dropout and batch normalization; default: inference')
  .option('--engine <name>', 'exact, or finite-difference for what has no second derivative; default: exact')
  .option('--seed <n>', 'Seeds the random directions; default: 0')
  .option('--import <file>', 'A module to load first, which registers custom layers')
  .option('--backend <name>', 'tensorflow, wasm or cpu; the fastest that is installed if left out')
  .option('--json', 'Print the result as one JSON object on the last line')
  .example('sharpstream measure --model model.json --data data.npz --loss categoricalCrossentropy')
  .example('sharpstream measure --model model.json --data data.npz --metrics hessian,nme --batch-size 256 --json')
  .action(async (options: MeasureOptions) => (await import('./measure/measure.js')).measure(options));

cli
  .command('study <name>', 'Try what a paper has found: sam, sam-language, low-rank, nme, simplicity, or all')
  .option('--seeds <n>', 'Repetitions, from which the errors come; 5, or as many as the study wants, if left out')
  .option('--first-seed <n>', 'Where the seeds begin', { default: 0 })
  .option('--quick', 'Toy size and one seed; only what holds exactly is judged')
  .option('--backend <name>', 'tensorflow, wasm or cpu; the fastest that is installed if left out')
  .option('--port <n>', 'Port of the dashboard; 6070, or the next that is free, if left out')
  .option('--no-dashboard', 'Without the live page')
  .option('--json', 'Print the result as one JSON object on the last line')
  .example('sharpstream study simplicity')
  .example('sharpstream study all --quick --json')
  .action(async (name: string, options: StudyOptions) => (await import('./study/study.js')).study(name, options));

cli
  .command('serve', 'Serve the dashboard to what trains elsewhere: a page with remoteDashboard()')
  .option('--port <n>', 'Port of the dashboard; 6070, or the next that is free, if left out')
  .option('--host <address>', 'Address to listen on; 127.0.0.1, this machine only, if left out')
  .option('--token <text>', 'What viewers and trainers must bring in the address; needed with any other host')
  .option('--trainers <origins>', 'Origins of pages that may stream in, e.g. http://localhost:5173')
  .option('--json', 'Print the address as one JSON object')
  .action(async (options: ServeOptions) => (await import('./serve.js')).serve(options));

cli
  .command('native', 'Bring TensorFlow to this machine as the fastest backend, without touching node_modules')
  .option('--gpu', 'With CUDA and cuDNN, for an NVIDIA GPU: 2.2 GB to download, under the licence of NVIDIA')
  .option('--remove', 'Take it away again')
  .option('--json', 'Print the result as one JSON object on the last line')
  .action(native);

cli
  .command('doctor', 'Say what it runs on: backends, speed, precision, second derivatives, and what is missing')
  .option('--json', 'Print the result as one JSON object on the last line')
  .action(async (options: DoctorOptions) => (await import('./doctor/doctor.js')).doctor(options));

cli.help();
cli.version(version());

main().catch((error: unknown) => fail(missingPackage(error) ?? sentence(error)));

async function main(): Promise<void> {
  const { args, options } = cli.parse(process.argv, { run: false });
  if (options.help || options.version) return;
  if (!cli.matchedCommand) {
    if (args.length === 0) cli.outputHelp();
    else fail(`unknown command '${args[0]}'; sharpstream --help lists the commands`);
    return;
  }
  await cli.runMatchedCommand();
}

function version(): string {
  const path = new URL('../../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

/** What cac says of options names no remedy. */
function sentence(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  const ofOptions = error instanceof Error && error.name === 'CACError';
  return ofOptions ? `${said}; sharpstream ${cli.matchedCommandName} --help lists the options` : said;
}

function fail(message: string): void {
  console.error(`sharpstream: ${message}`);
  process.exitCode = 1;
}
