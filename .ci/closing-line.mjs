// Usage: node .ci/closing-line.mjs DIRECTORY [FAILED-STEP …]
// Adds up the reports of vitest's JSON reporter in the directory and prints "N passed, N failed". A test file that could not be
// loaded counts as one failure, and so does a failed step whose report shows none (a crash, a time-out, a lint error).
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [directory = ".", ...failedSteps] = process.argv.slice(2);
let passed = 0;
let failed = 0;
const failuresOf = new Map();

for (const name of existsSync(directory) ? readdirSync(directory).filter((file) => file.endsWith(".json")) : []) {
  const report = JSON.parse(readFileSync(join(directory, name), "utf8"));
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  const failures = report.numFailedTests + broken.length;
  passed += report.numPassedTests;
  failed += failures;
  failuresOf.set(name.replace(".json", ""), failures);
}
for (const step of failedSteps) if ((failuresOf.get(step) ?? 0) === 0) failed += 1;
if (failuresOf.size === 0 && failedSteps.length === 0) failed += 1;

console.log(`${passed} passed, ${failed} failed`);
