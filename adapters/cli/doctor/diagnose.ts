import { availableParallelism } from 'node:os';
import { version_core } from '@tensorflow/tfjs-core';
import { type Examination, examinedBackends } from '../../backends/examineBackend.js';
import { examineApart, type Problem } from './examineApart.js';
import { type KernelsByState, kernelsByState } from './kernelsByState.js';
import { type Missing, missing } from './missing.js';

/** A backend as it was found, or why it cannot be used. */
export type ExaminedBackend = Examination | (Problem & { readonly name: string });

/** What the package runs on. */
export interface Diagnosis {
  readonly node: string;
  readonly machine: { readonly platform: string; readonly arch: string; readonly cores: number };
  /** The version of tfjs-core. */
  readonly tfjs: string;
  /** The fastest first. */
  readonly backends: readonly ExaminedBackend[];
  /** The backend that commands take when none is asked for; none where no backend starts. */
  readonly chosen: string | undefined;
  /** What becomes of the kernels of tfjs under second derivatives, by backend that starts. */
  readonly kernels: Readonly<Record<string, KernelsByState>>;
  readonly missing: readonly Missing[];
}

export const starts = (backend: ExaminedBackend): backend is Examination => 'secondOrder' in backend;

/** Examines every backend, one after the other, for they are timed. */
export async function diagnose(): Promise<Diagnosis> {
  const backends: ExaminedBackend[] = [];
  for (const name of examinedBackends) {
    const outcome = await examineApart(name);
    backends.push('examination' in outcome ? outcome.examination : { name, ...outcome });
  }
  const started = backends.filter(starts).map(({ name }) => name);
  const absent = backends.filter((backend) => !starts(backend) && !backend.installed).map(({ name }) => name);
  return {
    node: process.versions.node,
    machine: { platform: process.platform, arch: process.arch, cores: availableParallelism() },
    tfjs: version_core,
    backends,
    chosen: started[0],
    kernels: Object.fromEntries(started.map((name) => [name, kernelsByState(name)])),
    missing: await missing(absent),
  };
}
