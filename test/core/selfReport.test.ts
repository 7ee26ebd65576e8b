import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { openLedger } from '../../src/core/ledger.js';
import { selfReport } from '../../src/core/selfReport.js';

test('durations and the share of watching come from the clock, with what watched taken out', () => {
  let time = 0;
  const ledger = openLedger(
    () => time,
    () => {},
  );
  const report = selfReport(ledger);
  const applied = { loss: tf.scalar(0.5), grads: {}, report: { 'sam.gap': () => tf.scalar(0.25), 'sam.rho': () => 2 } };

  report.begin();
  time = 100;
  ledger.spent(20);
  report.of(0, applied, 2);
  time = 150;
  report.begin();
  time = 200;
  const told = Object.fromEntries(report.of(1, applied, 2).map((m) => [m.name, [m.value, m.unit, m.step]]));
  expect(told).toEqual({
    'train.loss': [0.5, '1', 1],
    'gradient.evaluations': [2, '{evaluation}', 1],
    'step.duration': [130, 'ms', 0],
    'overhead.share': [0.1, '1', 1],
    'sam.gap': [0.25, '1', 1],
    'sam.rho': [2, '1', 1],
  });
});
