import type { Sink } from '../../src/core/watching.js';
import { openTelemetry } from '../exporters/opentelemetry.js';

/**
 * A sink that sends to an OpenTelemetry Collector by OTLP over HTTP.
 *
 * @throws TypeError if `url` is not one, Error if the OpenTelemetry SDK is not installed.
 */
export async function otlp(url: string): Promise<Sink> {
  if (!URL.canParse(url)) throw new TypeError(`--otlp must be a URL such as http://localhost:4318, got ${url}`);
  const { MeterProvider, PeriodicExportingMetricReader, OTLPMetricExporter } = await sdk();
  const exporter = new OTLPMetricExporter({ url: new URL('/v1/metrics', url).href });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1000, exportTimeoutMillis: 1000 });
  const provider = new MeterProvider({ readers: [reader] });
  const sink = openTelemetry({ provider });
  return {
    ...sink,
    async close() {
      await sink.close?.();
      await provider.shutdown();
    },
  };
}

async function sdk() {
  try {
    const [metrics, exporters] = await Promise.all([
      import('@opentelemetry/sdk-metrics'),
      import('@opentelemetry/exporter-metrics-otlp-proto'),
    ]);
    return { ...metrics, ...exporters };
  } catch (error) {
    throw new Error(
      '--otlp needs the OpenTelemetry SDK; npm install @opentelemetry/api@1.9 @opentelemetry/sdk-metrics@2 ' +
        '@opentelemetry/exporter-metrics-otlp-proto@0.223',
      { cause: error },
    );
  }
}
