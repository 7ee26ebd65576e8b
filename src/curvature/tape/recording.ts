import { clone, keep, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { type Path, pullback } from './pullback.js';
import { type Replayed, replayed } from './replayed.js';
import { release, type TapeNode, tapeEngine } from './tape.js';
import { twiceDifferentiable } from './twiceDifferentiable.js';

/** What a function did, from whatever it read to `ys`. */
export interface Recording<Ys extends readonly Tensor[] = readonly Tensor[]> {
  readonly ys: Ys;
  readonly nodes: readonly TapeNode[];
}

/** Holds tensors until it is told to let go. */
export interface Disposable {
  /** Frees the record. Weights and batch belong to the caller and stay. */
  dispose(): void;
}

export interface Recorder {
  /** Runs `f` and keeps its results, and what their derivatives need, until the whole is disposed of. */
  record(f: () => Tensor[]): Recording;
  /** Frees what no later walk along these paths will read. */
  keepOnly(paths: readonly Path[]): void;
  /** The walk along a path as a function of dys, from its second time on by its kernels alone; see `pullback`. */
  walk(path: Path, ys: readonly Tensor[], xs: readonly Tensor[]): Walk;
  /** Any other function of tensors that walks over the records. */
  replayed(f: Walk): Walk;
  /** Keeps a tensor as long as the records. */
  hold<T extends Tensor>(tensor: T): T;
}

/** A linear map between lists of tensors. The caller owns the result. */
export type Walk = (dys: readonly Tensor[]) => Tensor[];

/**
 * Builds a value on records of the functions it is about, in a twice differentiable scope. The records stay walkable
 * behind the scope and hold the weights as they were, until the value is disposed of; its functions throw from then on.
 *
 * @throws Error inside of a gradient of tfjs: a record cannot be differentiated from outside.
 */
export function recording<T extends object>(build: (recorder: Recorder) => T): T & Disposable {
  if (tapeEngine().state.gradientDepth > 0) {
    throw new Error(
      'linearize must not be called while tf.grad or an optimizer records; ' +
        'for higher derivatives nest tf.grad inside twiceDifferentiable',
    );
  }
  const records: Recording[] = [];
  const replays: Replayed[] = [];
  const held: Tensor[] = [];
  const dispose = (): void => {
    for (const replay of replays.splice(0)) replay.dispose();
    for (const tensor of held.splice(0)) tensor.dispose();
    for (const { ys, nodes } of records.splice(0)) {
      release(nodes);
      for (const y of ys) y.dispose();
    }
  };
  const keepReplay = (f: Walk): Walk => {
    const replay = replayed(f);
    replays.push(replay);
    return replay;
  };
  const recorder: Recorder = {
    record(f) {
      const made = record(f);
      records.push(made);
      return made;
    },
    keepOnly(paths) {
      const walked = new Set(paths.flatMap((path) => path.map(({ node }) => node)));
      for (const { nodes } of records) release(nodes.filter((node) => !walked.has(node)));
    },
    walk: (path, ys, xs) => keepReplay((dys) => pullback(path, ys, dys, xs)),
    replayed: keepReplay,
    hold(tensor) {
      held.push(keep(tensor));
      return tensor;
    },
  };
  let alive = true;
  const end = (): void => {
    alive = false;
    dispose();
  };
  try {
    const built = twiceDifferentiable(() => build(recorder));
    return { ...whileAlive(built, () => alive), dispose: end };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** The same value, its functions refusing to work once `alive` says no. */
function whileAlive<T extends object>(value: T, alive: () => boolean): T {
  const guard =
    (name: string, f: (...args: unknown[]) => unknown) =>
    (...args: unknown[]): unknown => {
      if (!alive()) throw new Error(`${name}: the record is disposed of; take what you need of it before dispose()`);
      return f(...args);
    };
  const members = Object.entries(value).map(([name, member]) => [
    name,
    typeof member === 'function' ? guard(name, member) : member,
  ]);
  return Object.fromEntries(members) as T;
}

function record(f: () => Tensor[]): Recording {
  const engine = tapeEngine();
  engine.startTape();
  const nodes = engine.state.activeTape!;
  try {
    // Clones, since a result may be the caller's own tensor.
    return { ys: tidy(() => listed(f()).map((y) => clone(y))).map((y) => engine.keep(y)), nodes };
  } catch (error) {
    release(nodes);
    throw error;
  } finally {
    engine.endTape();
    engine.state.activeTape = null;
  }
}

/** @throws TypeError unless it is a list, which callers that are not type-checked forget. */
function listed(ys: readonly Tensor[]): readonly Tensor[] {
  if (Array.isArray(ys)) return ys;
  throw new TypeError(`the outputs must be a list of tensors, as of () => [z]; got ${ys}`);
}
