import { defineConfig } from 'vitest/config'

const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 }
const built = { globalSetup: ['test/support/build.ts'], ...timeouts }

/** `npm test` leaves out what is called `*.slow.test.ts`. */
export default defineConfig({
  test: {
    // The suites are made for a machine of two cores.
    maxWorkers: 2,
    globalSetup: ['test/support/test-run.ts'],
    teardownTimeout: 60_000,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], isolate: false, restoreMocks: true, setupFiles: ['test/unit/support/restore.ts'], ...timeouts } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...built } },
      { test: { name: 'browser', include: ['test/browser/**/*.test.ts'], ...built, globalSetup: [...built.globalSetup, 'test/browser/support/global-setup.ts'] } },
      { test: { name: 'chaos', include: ['test/chaos/**/*.test.ts', 'test/demonstration/**/*.test.ts'], ...built, testTimeout: 300_000 } },
    ],
  },
})
