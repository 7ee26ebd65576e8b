import { BehaviorSubject, Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { strength } from '../../src/core/strength.js';

test.each([-1, Number.NaN])('a constant of %s is refused at once, naming what it is', (value) => {
  expect(() => strength('sam: rho', value)).toThrow(`sam: rho must be >= 0, got ${value}`);
});

test('an infinite strength is refused', () => {
  expect(() => strength('sam: rho', Infinity)).toThrow('sam: rho must be finite, got Infinity');
  expect(() => strength('sam: rho', () => Infinity)()(0)).toThrow('sam: rho must be finite, got Infinity');
});

test.each(['0.05', null, {}, true])('%j is no strength, and is refused at once', (value) => {
  expect(() => strength('sam: rho', value as never)).toThrow(
    `sam: rho must be a number, a function of the step or an Observable, got ${value}`,
  );
});

test('a function of the step is read, and checked, at every step', () => {
  const at = strength('rho', (step) => 1 - step)();
  expect([at(0), at(1)]).toEqual([1, 0]);
  expect(() => at(2)).toThrow('rho must be >= 0, got -1');
  expect(() => strength('rho', () => '0.1' as never)()(0)).toThrow('rho must be >= 0, got 0.1');
});

test('a stream is 0 before its first value, then its newest one', () => {
  const values = new Subject<number>();
  const at = strength('rho', values)();
  expect(at(0)).toBe(0);
  values.next(0.5);
  values.next(0.2);
  expect(at(1)).toBe(0.2);
});

test('a stream is subscribed to for the life of the run', () => {
  const values = new BehaviorSubject(0.5);
  const at = strength('rho', values)();
  expect(values.observed).toBe(true);
  at.dispose();
  expect(values.observed).toBe(false);
});

test('an error of the stream is thrown at the next reading', () => {
  const values = new Subject<number>();
  const at = strength('rho', values)();
  values.error(new Error('lost'));
  expect(() => at(0)).toThrow('lost');
});
