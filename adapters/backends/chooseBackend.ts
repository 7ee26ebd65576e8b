import { findBackendFactory, getBackend, setBackend } from '@tensorflow/tfjs-core';
import { type Precision, precision, remedyForHalf } from '../../src/curvature/checks/precision.js';
import { loadTensorFlow, NotProvisioned } from './native/loadTensorFlow.js';

/** The backend that runs now. */
export interface ChosenBackend {
  readonly name: string;
  /** For people: what decided, and what to beware of. */
  readonly why: string;
  /** Found by trying. On 'half' curvature is refused. */
  readonly precision: Precision;
}

type Choice = Omit<ChosenBackend, 'precision'>;

/** Imports a package by name. */
export type Load = (name: string) => Promise<unknown>;

/** What `sharpstream native` has brought, among the packages that bring backends. */
const PROVISIONED = 'TensorFlow of sharpstream native';

/** By speed, with what brings them. */
const BACKENDS: Readonly<Record<string, readonly string[]>> = {
  tensorflow: ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node', PROVISIONED],
  wasm: ['@tensorflow/tfjs-backend-wasm'],
  cpu: ['@tensorflow/tfjs-backend-cpu'],
};

/**
 * Sets up a backend of tfjs: the preferred one, else what the program already runs, else the fastest that is installed.
 *
 * Whether it computes in float32 is tried, and where it does not, `why` says so.
 *
 * On Node, wasm computes on one thread whatever `setThreadsCount` says: tfjs-wasm cannot start its workers there.
 *
 * @param preferred a name of tfjs: tensorflow, wasm, cpu, or any that the program has registered
 * @param load imports a package, or loads what `sharpstream native` has brought
 * @throws Error if the preferred backend is unknown or does not start, NotInstalled if nothing brings it, saying which and what to
 * install.
 */
export async function chooseBackend(preferred?: string, load: Load = loadSource): Promise<ChosenBackend> {
  const { name, why } = await choose(preferred, load);
  const found = precision();
  return { name, why: found === 'half' ? `${why}; ${HALF}; ${remedyForHalf(name)}` : why, precision: found };
}

const HALF = 'it computes in half precision on this device, and curvature is refused on it';

async function choose(preferred: string | undefined, load: Load): Promise<Choice> {
  const running = getBackend();
  if (preferred !== undefined) {
    if (preferred === running) return { name: running, why: 'asked for, and running already' };
    return insist(preferred, load);
  }
  if (running) return { name: running, why: 'the program runs it already' };
  const against: string[] = [];
  for (const [name, packages] of Object.entries(BACKENDS)) {
    const { found, problems } = await start(name, packages, load);
    if (found) return { name, why: [`${found} is installed`, ...against, ...problems].join('; ') };
    against.push(...problems);
  }
  throw new Error(`chooseBackend: ${against.join('; ')}; npm install @tensorflow/tfjs-backend-wasm runs anywhere`);
}

const loadSource: Load = async (name) => (name === PROVISIONED ? loadTensorFlow() : import(name));

async function insist(name: string, load: Load): Promise<Choice> {
  if (findBackendFactory(name)) {
    if (await setBackend(name)) return { name, why: 'asked for' };
    throw new Error(`chooseBackend: backend ${name} is registered but does not start; tfjs has printed why`);
  }
  const packages = BACKENDS[name];
  if (!packages) {
    const known = Object.keys(BACKENDS).join(', ');
    throw new Error(`chooseBackend: unknown backend '${name}'; give one of ${known}, or one that is registered`);
  }
  const { found, problems, installed } = await start(name, packages, load);
  if (found) return { name, why: `asked for; ${found} is installed` };
  const told = `chooseBackend: no backend ${name}: ${problems.join('; ')}; ${remedy(packages)}`;
  throw installed ? new Error(told) : new NotInstalled(told);
}

/** Nothing that brings the backend is on this machine. */
export class NotInstalled extends Error {
  override readonly name = 'NotInstalled';
}

/** How to come by one of `packages`. */
const remedy = (packages: readonly string[]): string =>
  packages.includes(PROVISIONED)
    ? `npm install ${packages.filter((name) => name !== PROVISIONED).join(' or ')}, or npx sharpstream native`
    : `npm install ${packages.join(' or ')}`;

/** Tries the packages of a backend in turn. */
async function start(
  name: string,
  packages: readonly string[],
  load: Load,
): Promise<{ found?: string; problems: string[]; installed: boolean }> {
  const problems: string[] = [];
  let installed = false;
  for (const found of packages) {
    try {
      await load(found);
      installed = true;
      if (await setBackend(name)) return { found, problems, installed };
      problems.push(`${found} does not start`);
    } catch (error) {
      const missing = isMissing(error, found);
      installed ||= !missing;
      problems.push(missing ? `${found} is not installed` : `${found} does not load: ${firstLine(error)}`);
    }
  }
  return { problems, installed };
}

/** Rather than something that the package itself needs. */
function isMissing(error: unknown, name: string): boolean {
  if (error instanceof NotProvisioned) return true;
  const { code, message = '' } = error as { code?: string; message?: string };
  return code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${name}'`);
}

const firstLine = (error: unknown): string => String(error instanceof Error ? error.message : error).split('\n')[0]!;
