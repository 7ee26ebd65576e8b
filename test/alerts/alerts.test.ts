import { from, map, mergeMap, type OperatorFunction, of, throwError } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { alertRule } from '../../src/alerts/alertRule.js';
import { nonFinite } from '../../src/alerts/nonFinite.js';
import { stalled } from '../../src/alerts/stalled.js';
import { above, below } from '../../src/alerts/threshold.js';
import { wrongGradient } from '../../src/alerts/wrongGradient.js';
import { every } from '../../src/core/every.js';
import type { Alert, AlertRule, Attributes, Failure, Measurement } from '../../src/core/watching.js';
import { reading, testRun } from '../core/streams.js';

beforeEach(() => vi.spyOn(console, 'warn').mockImplementation(() => {}));
afterEach(() => vi.restoreAllMocks());

const measured = (name: string, value: Measurement['value'], step = 0, attributes: Attributes = {}): Measurement => ({
  name,
  unit: '1',
  step,
  value,
  attributes,
});

function alertsOf(rule: AlertRule, measurements: readonly Measurement[]): Alert[] {
  const alerts: Alert[] = [];
  rule(from(measurements)).subscribe((alert) => alerts.push(alert));
  return alerts;
}

/** 'raised at 3' for each alert on the values of one series, one a step. */
const turnsOf = (rule: AlertRule, values: readonly number[]): string[] =>
  alertsOf(
    rule,
    values.map((value, step) => measured('x', value, step)),
  ).map(({ state, measurement }) => `${state} at ${measurement.step}`);

test('above is raised over the limit and cleared at the lower one, and is silent between them', () => {
  const rule = above('x', 5, { clear: 3 });
  expect(turnsOf(rule, [5, 6, 4, 7, 3, 4, 5, 6])).toEqual(['raised at 1', 'cleared at 4', 'raised at 7']);
});

test('below is the mirror image of above', () => {
  const rule = below('x', -5, { clear: -3 });
  expect(turnsOf(rule, [-5, -6, -4, -7, -3, -4, -5, -6])).toEqual(['raised at 1', 'cleared at 4', 'raised at 7']);
});

test('a threshold takes so many values in a row, both ways, and a value that is neither breaks the row', () => {
  const rule = above('x', 5, { clear: 3, times: 2 });
  expect(turnsOf(rule, [6, 4, 6, Number.NaN, 6, 6, 3, 4, 3, 3])).toEqual(['raised at 5', 'cleared at 9']);
});

test('an alert says what, where and how much, and carries the measurement', () => {
  const measurement = measured('hessian.top_eigenvalue', 61.23456, 40);
  expect(alertsOf(above('hessian.top_eigenvalue', 50), [measurement])).toEqual([
    {
      id: 'hessian.top_eigenvalue above 50',
      severity: 'warning',
      state: 'raised',
      message: 'hessian.top_eigenvalue above 50: hessian.top_eigenvalue is 61.23 at step 40',
      measurement,
    },
  ]);
});

test('the layers of one name are followed apart', () => {
  const layer = (name: string, value: number, step: number) => measured('features.rank', value, step, { layer: name });
  const alerts = alertsOf(below('features.rank', 4), [
    layer('a', 2, 0),
    layer('b', 8, 0),
    layer('a', 2, 1),
    layer('b', 2, 1),
    layer('a', 8, 2),
  ]);
  expect(alerts.map(({ state, measurement }) => `${state} ${measurement.attributes.layer}`)).toEqual([
    'raised a',
    'raised b',
    'cleared a',
  ]);
});

test('nonFinite is raised by NaN and infinities of any name, and cleared by the next number', () => {
  const rule = nonFinite();
  expect(turnsOf(rule, [1, Number.NaN, Number.NEGATIVE_INFINITY, 2])).toEqual(['raised at 1', 'cleared at 3']);
  const alerts = alertsOf(rule, [measured('y', Number.NaN), measured('points', { x: [Number.NaN], y: [1] })]);
  expect(alerts.map(({ severity, message }) => [severity, message])).toEqual([
    ['critical', 'not finite: y is NaN at step 0'],
  ]);
});

test('nonFinite of a name leaves the others alone', () => {
  expect(alertsOf(nonFinite('x'), [measured('y', Number.NaN)])).toEqual([]);
});

test('stalled is raised when the best has stood for so many steps, and cleared by one better by the share', () => {
  const rule = stalled('x', { within: 3, by: 0.1 });
  // 7.3 is not 10 % below 8, the best since step 1; 6 is.
  expect(turnsOf(rule, [10, 8, 7.5, 7.3, 7.9, 6, 6])).toEqual(['raised at 4', 'cleared at 5']);
});

test('stalled of what should rise takes higher for better, and passes over what is not finite', () => {
  const rule = stalled('x', { within: 2, by: 0.1, rising: true });
  expect(turnsOf(rule, [0.5, 0.4, Number.NaN, 0.54, 0.6])).toEqual(['raised at 3', 'cleared at 4']);
});

test('stalled counts steps, not values, when a metric is measured now and then', () => {
  const alerts = alertsOf(stalled('x', { within: 100 }), [
    measured('x', 1, 0),
    measured('x', 1, 50),
    measured('x', 1, 100),
  ]);
  expect(alerts.map(({ measurement }) => measurement.step)).toEqual([100]);
});

test('a wrong first gradient is critical; one that agrees or is kinked is none', () => {
  const check = (verdict: string) => measured('gradient.self_check', 0.5, 0, { engine: 'exact', verdict });
  expect(alertsOf(wrongGradient(), [check('agrees'), check('kinked')])).toEqual([]);
  expect(alertsOf(wrongGradient(), [check('wrong')])).toMatchObject([{ severity: 'critical', state: 'raised' }]);
});

test('a rule subscribed to twice keeps two accounts', () => {
  const rule = above('x', 5);
  expect(turnsOf(rule, [6])).toEqual(['raised at 0']);
  expect(turnsOf(rule, [6])).toEqual(['raised at 0']);
});

test.each([
  [() => above('x', Number.NaN), 'above: clear must be a number <= the limit NaN, got NaN'],
  [() => above('x', 5, { clear: 6 }), 'above: clear must be a number <= the limit 5, got 6'],
  [() => below('x', 5, { clear: 4 }), 'below: clear must be a number >= the limit 5, got 4'],
  [() => above('x', 5, { times: 0 }), 'x above 5: times must be a whole number >= 1, got 0'],
  [() => stalled('x', { within: 0 }), 'stalled: within must be a whole number >= 1, got 0'],
  [() => stalled('x', { by: -1 }), 'stalled: by must be >= 0 and finite, got -1'],
  [() => alertRule({ id: '', judge: () => () => true }), 'alertRule: id must be a name, got an empty one'],
])('bad options are refused at once: %#', (make, message) => {
  expect(make).toThrow(message);
});

/** What a run with these rules tells while x takes these values, undefined being a probe that throws. */
function told(rules: AlertRule[], values: readonly number[]) {
  const sink = { name: 'sink', write: () => {}, alert: (alert: Alert) => void toSink.push(alert) };
  const [alerts, failures, toSink]: [Alert[], Failure[], Alert[]] = [[], [], []];
  const { run, step } = testRun({ metrics: [[reading('x', ...values), every(1)]], alerts: rules, sinks: [sink] });
  run.alerts.subscribe((alert) => alerts.push(alert));
  run.failures.subscribe((failure) => failures.push(failure));
  values.forEach(step);
  return { alerts, failures, toSink };
}

test('a run gives its alerts to the stream and to every sink', () => {
  const { alerts, toSink } = told([above('x', 5), nonFinite('x')], [6, 4, 6]);
  expect(alerts.map(({ state }) => state)).toEqual(['raised', 'cleared', 'raised']);
  expect(toSink).toEqual(alerts);
});

const broken: OperatorFunction<Measurement, Alert> = mergeMap(({ name, value }) =>
  name === 'x' && value === 0 ? throwError(() => new Error('broken rule')) : of(),
);

test('a rule that throws is one failure, three in a row switch it off, and the others go on', () => {
  const { alerts, failures } = told([broken, above('x', -1)], [0, 1, 0, 0, 0, 0]);
  expect(failures.map(({ source, step, off }) => [source, step, off])).toEqual([
    ['alerts[0]', 0, false],
    ['alerts[0]', 2, false],
    ['alerts[0]', 3, false],
    ['alerts[0]', 4, false],
    ['alerts[0]', 4, true],
  ]);
  expect(alerts).toHaveLength(1);
});

test('a rule that cannot even be set up is switched off, and training starts', () => {
  const rule: AlertRule = () => {
    throw new Error('no rule');
  };
  const { run, step } = testRun({ alerts: [Object.assign(rule, { id: 'mine' })] });
  const warned = vi.mocked(console.warn).mock.calls.flat();
  expect(warned).toEqual(['sharpstream: mine failed at step 0: no rule']);
  step();
  expect(run.active()).toBe(true);
});

test('an alert that nobody listens to goes to the console, once a rule', () => {
  const { step } = testRun({ metrics: [[reading('x', 6, 4, 6), every(1)]], alerts: [above('x', 5)] });
  for (let i = 0; i < 3; i++) step();
  expect(vi.mocked(console.warn).mock.calls).toEqual([['sharpstream: x above 5: x is 6 at step 0']]);
});

test('rules of the loop are no reason to measure; rules that somebody wants are', () => {
  expect(testRun({}, { alerts: [wrongGradient()] }).run.active()).toBe(false);
  expect(testRun({ alerts: [above('train.loss', 5)] }).run.active()).toBe(true);
});

test('rules see what the run tells of itself', () => {
  const alerts: Alert[] = [];
  const { run, step } = testRun({ alerts: [below('train.loss', 1)], reports: every(1) });
  run.alerts.subscribe((alert) => alerts.push(alert));
  step();
  expect(alerts).toMatchObject([{ id: 'train.loss below 1', measurement: { value: 0, step: 0 } }]);
});

test('any operator is a rule', () => {
  const rule: AlertRule = map((measurement) => ({
    id: 'any',
    severity: 'warning' as const,
    state: 'raised' as const,
    message: measurement.name,
    measurement,
  }));
  expect(told([rule], [1]).alerts.map(({ message }) => message)).toContain('x');
});

test('a sink that throws at an alert is a failure, and the stream has it all the same', () => {
  const sink = { name: 'sink', write: () => {}, alert: () => throwNow() };
  const { run, step } = testRun({ metrics: [[reading('x', 6), every(1)]], alerts: [above('x', 5)], sinks: [sink] });
  const [alerts, failures]: [Alert[], Failure[]] = [[], []];
  run.alerts.subscribe((alert) => alerts.push(alert));
  run.failures.subscribe((failure) => failures.push(failure));
  step();
  expect(alerts).toHaveLength(1);
  expect(failures.map(({ source, error }) => [source, error.message])).toEqual([['sink', 'no room']]);
});

const throwNow = (): never => {
  throw new Error('no room');
};
