import { defineConfig } from 'vitest/config'

const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 }
const unit = { isolate: false, restoreMocks: true, setupFiles: ['test/unit/support/restore.ts'], ...timeouts }
/** After the unit tests, which run while the server is built. */
const built = {
  globalSetup: ['test/support/build.ts'], setupFiles: ['test/support/built.ts'], sequence: { groupOrder: 1 }, ...timeouts,
}
const browser = { ...built, globalSetup: [...built.globalSetup, 'test/browser/support/global-setup.ts'] }

/** `npm test` leaves out what is called `*.slow.test.ts`. */
export default defineConfig({
  test: {
    // The suites are made for a machine of two cores.
    maxWorkers: 2,
    globalSetup: ['test/support/test-run.ts'],
    teardownTimeout: 60_000,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], ...unit } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...built } },
      { test: { name: 'browser', include: ['test/browser/**/*.test.ts', 'test/demonstration/run-page.slow.test.ts'], ...browser } },
      {
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.test.ts', 'test/demonstration/demonstration.slow.test.ts'],
          ...built,
          testTimeout: 300_000,
        },
      },
    ],
  },
})
