import { defineConfig } from 'vitest/config';

/** `npm run test:faults` (FAULTS=1) adds what takes long: every write of a commit, and every cut of the power. */
const faults = ['test/faults/**/*.{test,fault}.ts', 'test/{abuse,adapters,chats,mail,ops,store,time,web}/**/*.test.ts'];

export default defineConfig({
  test: {
    include: process.env.FAULTS === undefined ? ['test/**/*.test.ts'] : faults,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: '100%',
  },
});
