import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { afterEach, describe, expect, test } from 'vitest';
import { openTelemetry } from '../../../adapters/exporters/opentelemetry.js';
import type { Measurement, RunInfo } from '../../../src/core/watching.js';
import { testSink } from '../../conformance/testSink.js';

const RUN: RunInfo = { id: '1', name: 'digits', started: 0 };
const OTHER: RunInfo = { id: '2', name: 'teacher', started: 0 };

const measurement = (more: Partial<Measurement>): Measurement => ({
  name: 'train.loss',
  unit: '1',
  step: 0,
  value: 0.5,
  attributes: {},
  ...more,
});

const open: MeterProvider[] = [];
afterEach(async () => {
  metrics.disable();
  await Promise.all(open.splice(0).map((provider) => provider.shutdown()));
});

/** The real SDK, with an interval no test lives to see: only a flush sends. */
function telemetry() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  open.push(provider);
  const scopes = () => exporter.getMetrics().at(-1)?.scopeMetrics ?? [];
  const sent = (): MetricData[] => scopes().flatMap((scope) => scope.metrics);
  const points = (name: string) =>
    sent()
      .filter((metric) => metric.descriptor.name === name)
      .flatMap((metric) => metric.dataPoints.map(({ attributes, value }) => ({ attributes, value })));
  const descriptor = (name: string) => sent().find((metric) => metric.descriptor.name === name)?.descriptor;
  return { provider, exporter, scopes, sent, points, descriptor };
}

/** Everything that one batch sends. */
async function sending(...batch: Partial<Measurement>[]) {
  const sdk = telemetry();
  const sink = openTelemetry({ provider: sdk.provider });
  await sink.write(batch.map(measurement), RUN);
  await sink.end?.(RUN);
  return sdk;
}

testSink({
  name: 'openTelemetry',
  keeps: 'last',
  make() {
    const { provider, sent } = telemetry();
    const exported = () =>
      sent().flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ value }) => ({ name: descriptor.name, value: value as number })),
      );
    return { sink: openTelemetry({ provider }), read: async () => exported() };
  },
});

describe('openTelemetry', () => {
  test('records a value as a gauge with its unit, description and attributes, under its own scope', async () => {
    const { scopes, points, descriptor } = await sending({
      name: 'features.rank',
      unit: '{direction}',
      value: 7,
      attributes: { layer: 'dense' },
    });
    expect(points('features.rank')).toEqual([{ attributes: { layer: 'dense', 'run.name': 'digits' }, value: 7 }]);
    expect(descriptor('features.rank')).toMatchObject({
      unit: '{direction}',
      description: 'Principal directions that hold the variance of a layer, 99 % of it by default',
    });
    expect(scopes().map(({ scope }) => scope.name)).toEqual(['sharpstream']);
  });

  test('records a standard error as a gauge beside the value', async () => {
    const { points, descriptor } = await sending({ name: 'hessian.trace', value: 12, standardError: 0.25 });
    expect(points('hessian.trace').map((p) => p.value)).toEqual([12]);
    expect(points('hessian.trace.standard_error').map((p) => p.value)).toEqual([0.25]);
    expect(descriptor('hessian.trace.standard_error')?.description).toMatch(/^Standard error: Trace of the Hessian/);
  });

  test('records durations as a histogram that tells half a millisecond from two', async () => {
    const durations = [0.4, 0.4, 1.5, 30].map((value) => ({ name: 'step.duration', unit: 'ms', value }));
    const { points, descriptor } = await sending(...durations);
    const { buckets, count, sum } = points('step.duration')[0]!.value as Histogram;
    expect(descriptor('step.duration')?.unit).toBe('ms');
    expect([count, sum]).toEqual([4, 32.3]);
    const filled = buckets.counts.flatMap((n, i) => (n > 0 ? [[buckets.boundaries[i], n]] : []));
    expect(filled).toEqual([
      [0.5, 2],
      [2, 1],
      [50, 1],
    ]);
  });

  test('tells the latest step as a value, and never as an attribute', async () => {
    const batch = Array.from({ length: 1000 }, (_, step) => ({ step, attributes: { layer: `${step % 50}`, step } }));
    const { points } = await sending(...batch);
    expect(points('train.step')).toEqual([{ attributes: { 'run.name': 'digits' }, value: 999 }]);
    expect(points('train.loss')).toHaveLength(50);
  });

  test('counts values that are not finite by metric, and records none of them', async () => {
    const odd = [NaN, Infinity, -Infinity].map((value) => ({ value }));
    const { points } = await sending(...odd, { name: 'nme.trace', value: 1, standardError: NaN });
    expect(points('train.loss')).toEqual([]);
    expect(points('nme.trace').map((p) => p.value)).toEqual([1]);
    expect(points('nonfinite.count')).toEqual([
      { attributes: { metric: 'train.loss', 'run.name': 'digits' }, value: 3 },
      { attributes: { metric: 'nme.trace.standard_error', 'run.name': 'digits' }, value: 1 },
    ]);
  });

  test("leaves out the run's own count of such values, which would double them", async () => {
    const { points } = await sending({ value: NaN }, { name: 'nonfinite.count', value: 1 });
    expect(points('nonfinite.count').map((p) => p.value)).toEqual([1]);
  });

  test('records no point set', async () => {
    const { sent } = await sending({ name: 'confidence.scatter', value: { x: [1], y: [2] } });
    expect(sent().map((m) => m.descriptor.name)).toEqual(['train.step']);
  });

  test('counts failures by their source', async () => {
    const { provider, points } = telemetry();
    const sink = openTelemetry({ provider });
    for (const off of [false, true])
      sink.failure?.({ source: 'featureRank', step: 4, error: new Error('no'), off }, RUN);
    await sink.end?.(RUN);
    const attributes = { source: 'featureRank', 'run.name': 'digits' };
    expect(points('sharpstream.failures')).toEqual([{ attributes, value: 2 }]);
  });

  test('keeps two runs apart', async () => {
    const { provider, points } = telemetry();
    const sink = openTelemetry({ provider });
    await sink.write([measurement({ value: 1 })], RUN);
    await sink.write([measurement({ value: 2 })], OTHER);
    await sink.end?.(OTHER);
    expect(points('train.loss')).toEqual([
      { attributes: { 'run.name': 'digits' }, value: 1 },
      { attributes: { 'run.name': 'teacher' }, value: 2 },
    ]);
  });

  test('flushes only what has not gone out yet', async () => {
    const { provider, exporter } = telemetry();
    const sink = openTelemetry({ provider });
    await sink.write([measurement({})], RUN);
    await sink.end?.(RUN);
    await sink.close?.();
    await sink.close?.();
    expect(exporter.getMetrics()).toHaveLength(1);
  });

  test('tries again on close when the flush at the end has failed', async () => {
    const { provider } = telemetry();
    let flushes = 0;
    const flush = async () => {
      if (++flushes === 1) throw new Error('collector away');
    };
    const sink = openTelemetry({ meter: provider.getMeter('mine'), flush });
    await sink.write([measurement({})], RUN);
    await expect(sink.end?.(RUN)).rejects.toThrow('collector away');
    await sink.close?.();
    expect(flushes).toBe(2);
  });

  test("records with the user's own meter, flushed the user's way", async () => {
    const { provider, scopes } = telemetry();
    const sink = openTelemetry({ meter: provider.getMeter('mine'), flush: () => provider.forceFlush() });
    await sink.write([measurement({})], RUN);
    await sink.end?.(RUN);
    expect(scopes().map(({ scope }) => scope.name)).toEqual(['mine']);
  });

  test('records with the global provider that was set before', async () => {
    const { provider, points } = telemetry();
    metrics.setGlobalMeterProvider(provider);
    const sink = openTelemetry({ provider: metrics.getMeterProvider() });
    await sink.write([measurement({})], RUN);
    await sink.end?.(RUN);
    expect(points('train.loss')).toHaveLength(1);
  });

  test('records with the global provider that is set after, if given a function', async () => {
    const { provider, points } = telemetry();
    const sink = openTelemetry({ provider: () => metrics.getMeterProvider() });
    metrics.setGlobalMeterProvider(provider);
    await sink.write([measurement({})], RUN);
    await sink.end?.(RUN);
    expect(points('train.loss')).toHaveLength(1);
  });

  test('refuses a global provider that is not set yet, and says what to do', () => {
    const provider = metrics.getMeterProvider();
    expect(() => openTelemetry({ provider })).toThrow('set it first or give () => metrics.getMeterProvider()');
  });

  test.each([
    [undefined, 'openTelemetry: give a provider, or a meter with flush; got neither'],
    [{}, 'give a provider, or a meter with flush'],
    [{ meter: metrics.getMeter('mine') }, 'flush must be a function beside meter, got undefined'],
  ])('refuses %o', (options, message) => {
    expect(() => openTelemetry(options as never)).toThrow(message);
  });
});
