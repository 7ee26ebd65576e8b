import { metrics } from '@opentelemetry/api';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { dashboard, instrument, memory } from 'sharpstream/node';
import { openTelemetry } from 'sharpstream/opentelemetry';

export async function served(model: LayersModel): Promise<number[]> {
  const kept = memory({ limit: 100 });
  await using run = instrument(model, {
    sinks: [dashboard({ port: 6070 }), kept, openTelemetry({ provider: () => metrics.getMeterProvider() })],
  });
  run.failures.subscribe(({ source, error }) => console.error(source, error.message));
  return kept.values('train.loss');
}
