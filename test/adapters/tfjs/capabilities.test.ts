import '@tensorflow/tfjs-backend-cpu';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { every } from '../../../src/core/every.js';
import type { Needs, Probe } from '../../../src/index.js';
import { LOOP_FORMS, type LoopForm } from './capabilities.js';
import { networkNames } from './networks.js';

/** What a step of a loop showed, and whether a probe that needs it is taken when the run is made. */
interface Found {
  readonly has: boolean;
  readonly taken: boolean;
}
const COLUMNS = [
  'loss, parameters',
  'batch',
  'outputs',
  'features by layer',
  'activations by layer',
  'epochs',
] as const;
type Column = (typeof COLUMNS)[number];

const NEEDS: Readonly<Partial<Record<Column, Needs>>> = {
  batch: { batch: true },
  outputs: { outputs: true },
  'features by layer': { features: true },
  'activations by layer': { activations: true },
};

const readme = join(import.meta.dirname, '../../../README.md');
const [BEGIN, END] = ['<!-- capabilities: written by a test -->', '<!-- end of capabilities -->'];

beforeAll(() => tf.setBackend('cpu'));

async function found({ train }: LoopForm): Promise<Record<Column, Found>> {
  const has = new Set<Column>();
  await train((run) => {
    run.epochs.subscribe(() => has.add('epochs'));
    run.steps.subscribe(({ objective: { loss, batch, outputs, outputLoss, features, withActivations } }) => {
      if (Number.isFinite(loss().dataSync()[0])) has.add('loss, parameters');
      if (batch) has.add('batch');
      if (outputs && outputLoss && Number.isFinite(outputLoss(outputs()).dataSync()[0])) has.add('outputs');
      if (features?.(['hidden'])[0]?.shape.length === 2) has.add('features by layer');
      if (withActivations?.((activation) => activation, loss).dataSync()[0] === loss().dataSync()[0])
        has.add('activations by layer');
    });
  });
  const entries = COLUMNS.map(async (column): Promise<[Column, Found]> => {
    const needs = NEEDS[column];
    return [column, { has: has.has(column), taken: needs ? await isTaken(train, needs) : has.has(column) }];
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<Column, Found>;
}

async function isTaken(train: LoopForm['train'], needs: Needs): Promise<boolean> {
  const probe: Probe = { name: 'asking', measures: [], needs, measure: () => [] };
  try {
    await train(() => {}, { metrics: [[probe, every(1)]] });
    return true;
  } catch (error) {
    expect((error as Error).message).toMatch(/asking needs .* does not offer; /);
    return false;
  }
}

/** The section of the README, from what each loop shows when it runs. */
async function section(): Promise<string> {
  const rows: string[][] = [];
  for (const loop of LOOP_FORMS) {
    const cells = Object.values(await found(loop)).map(({ has }) => (has ? 'yes' : 'no'));
    rows.push([loop.form, ...cells, loop.limits.map(({ text }) => text).join('; ')]);
  }
  const table = [['loop', ...COLUMNS, 'limits'], COLUMNS.map(() => '---').concat('---', '---'), ...rows];
  return `${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}

Watched or not, these train to the same weights, bit for bit: ${networkNames.join('; ')}.`;
}

test.each(LOOP_FORMS.map((loop) => [loop.form, loop] as const))(
  'a probe is taken by %s if and only if its steps have what it needs',
  async (_, loop) => {
    for (const { has, taken } of Object.values(await found(loop))) expect(taken).toBe(has);
  },
);

test.each(LOOP_FORMS.flatMap(({ form, limits }) => limits.map((limit) => [form, limit.text, limit] as const)))(
  'it is still so of %s that it %s',
  async (_, __, { holds }) => expect(await holds()).toBe(true),
);

test('the table of the README says what each loop was found to offer; CAPABILITIES=write brings it up to date', async () => {
  const text = readFileSync(readme, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  const fresh = `\n${await section()}\n`;
  if (process.env.CAPABILITIES === 'write') writeFileSync(readme, text.slice(0, begin) + fresh + text.slice(end));
  else expect(text.slice(begin, end)).toBe(fresh);
});
