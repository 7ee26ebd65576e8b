import { expect, test } from 'vitest';
import { missingPackage } from '../../../adapters/cli/missingPackage.js';

const withCode = (message: string, code: string): Error => Object.assign(new Error(message), { code });

test('a package that is not installed is named, with the way to get it', () => {
  const message = "Cannot find package '@tensorflow/tfjs-layers' imported from /project/demo.js";
  expect(missingPackage(withCode(message, 'ERR_MODULE_NOT_FOUND'))).toBe(
    'this command needs @tensorflow/tfjs-layers; npm install @tensorflow/tfjs-layers',
  );
});

test.each([
  new Error("Cannot find package 'x'"),
  withCode('no such file', 'ENOENT'),
  withCode("Cannot find module '/project/lost.js'", 'ERR_MODULE_NOT_FOUND'),
  'a string',
  undefined,
])('%s is not taken for a missing package', (error) => {
  expect(missingPackage(error)).toBeUndefined();
});
