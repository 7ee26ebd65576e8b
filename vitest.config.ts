import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build.ts'],
    testTimeout: 60_000,
    // As many as there are cores: most of a file's time goes into loading tfjs.
    maxWorkers: '100%',
  },
});
