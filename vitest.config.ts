import { defineConfig } from 'vitest/config'

/** Suites against the built server share a machine of two cores: two files at a time, each with its own everything. */
const server = { globalSetup: ['test/support/global-setup.ts'], testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...server } },
      { test: { name: 'browser', include: ['test/browser/**/*.test.ts'], ...server, globalSetup: [...server.globalSetup, 'test/browser/support/global-setup.ts'] } },
      { test: { name: 'chaos', include: ['test/chaos/**/*.test.ts'], ...server, testTimeout: 300_000 } },
    ],
  },
})
