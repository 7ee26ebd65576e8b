import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Measurement, RunInfo, Sink } from '../../src/core/watching.js';

/** A sink, and what has left through it so far, in order of leaving. */
export interface SinkUnderTest {
  readonly sink: Sink;
  read(): Promise<readonly Exported[]>;
  /** Frees what `make` opened besides the sink. */
  dispose?(): void | Promise<void>;
}

/** A number on the other side. */
export interface Exported {
  readonly name: string;
  readonly value: number;
}

export interface SinkCase {
  readonly name: string;
  /** `all`: every value leaves. `last`: the latest of each series, as with a gauge. */
  readonly keeps: 'all' | 'last';
  make(): SinkUnderTest | Promise<SinkUnderTest>;
}

/** The laws of a sink: order kept, `end` and `close` flush, closing twice is fine, nothing that is measured makes it throw. */
export function testSink({ name, keeps, make }: SinkCase): void {
  describe(`${name} keeps the laws of a sink:`, () => {
    let subject: SinkUnderTest;
    const failures: unknown[] = [];
    const failed = (error: unknown) => failures.push(error);
    const left = (all: readonly number[]) => (keeps === 'all' ? all : all.slice(-1));
    const values = async (series: string) =>
      left((await subject.read()).filter((e) => e.name === series).map((e) => e.value));

    beforeEach(async () => {
      failures.length = 0;
      subject = await make();
    });
    afterEach(async () => {
      await subject.sink.close?.();
      await subject.dispose?.();
    });

    test('values leave in the order in which they were written', async () => {
      const { sink } = subject;
      const written = Array.from({ length: 100 }, (_, step) => Math.sin(step));
      sink.open?.(RUN, failed);
      for (const [step, value] of written.entries()) await sink.write([measurement('train.loss', step, value)], RUN);
      await sink.end?.(RUN);
      await sink.close?.();
      expect(await values('train.loss')).toEqual(left(written));
      expect(failures).toEqual([]);
    });

    test('what was written has left when end is done', async () => {
      const { sink } = subject;
      sink.open?.(RUN, failed);
      await sink.write([measurement('train.loss', 0, 0.25), measurement('gradient.norm', 0, 4)], RUN);
      await sink.end?.(RUN);
      expect(await values('train.loss')).toEqual([0.25]);
      expect(await values('gradient.norm')).toEqual([4]);
    });

    test('the end of one run leaves another going', async () => {
      const { sink } = subject;
      sink.open?.(RUN, failed);
      sink.open?.(OTHER, failed);
      await sink.write([measurement('train.loss', 0, 1)], RUN);
      await sink.end?.(RUN);
      await sink.write([measurement('gradient.norm', 1, 2)], OTHER);
      await sink.end?.(OTHER);
      await sink.close?.();
      expect(await values('gradient.norm')).toEqual([2]);
    });

    test('closing twice is fine, and closing unopened', async () => {
      const { sink } = subject;
      await sink.close?.();
      await sink.close?.();
      expect(failures).toEqual([]);
    });

    test('values that are not finite, points and failures do not make it throw', async () => {
      const { sink } = subject;
      sink.open?.(RUN, failed);
      const odd = [Number.NaN, Number.POSITIVE_INFINITY, { x: [0, 1], y: [1, 0] }];
      for (const value of odd) await sink.write([{ ...measurement('train.loss', 0, 0), value }], RUN);
      sink.failure?.({ source: 'probe', step: 0, error: new Error('no features'), off: true }, RUN);
      await sink.write([measurement('gradient.norm', 1, 3)], RUN);
      await sink.end?.(RUN);
      expect(await values('gradient.norm')).toEqual([3]);
      expect(failures).toEqual([]);
    });
  });
}

const RUN: RunInfo = { id: 'run', name: 'a run', started: 1_700_000_000_000 };
const OTHER: RunInfo = { id: 'other', name: 'another run', started: 1_700_000_000_001 };

/** Frozen, for a sink reads and never writes what it is given. */
const measurement = (name: string, step: number, value: number): Measurement =>
  Object.freeze({ name, unit: '1', step, value, attributes: Object.freeze({ layer: 'dense' }) });
