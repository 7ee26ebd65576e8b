import type { Epoch, Measurement } from './watching.js';

/** What `fit` logs at the end of an epoch, but the loss, which every step tells. */
export function epochMeasurements({ logs }: Epoch, step: number): Measurement[] {
  const named = (log: string): string => (log.startsWith('val_') ? `validation.${log.slice(4)}` : `train.${log}`);
  return Object.entries(logs)
    .filter(([log]) => log !== 'loss')
    .map(([log, value]) => ({ name: named(log), unit: '1', step, value, attributes: {} }));
}
