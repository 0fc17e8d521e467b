import { defineConfig } from "vitest/config";

/** `npm run test:faults`: real processes killed at every step, with faults at every verb. Apart from the suite, for its length. */
export default defineConfig({
  test: {
    include: ["test/faults/*.faults.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    // Each file fills both cores with its own processes.
    fileParallelism: false,
    disableConsoleIntercept: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
