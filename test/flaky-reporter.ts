import type { Reporter, TestCase } from 'vitest/node';

/** Names the tests that passed only at a second try: each is a fault of its own, to be found and mended. */
class FlakyReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    if (!test.diagnostic()?.flaky) return;
    process.stdout.write(`passed only at the second try: ${test.fullName}\n`);
  }
}

// What the runner asks for by its path.
// oxlint-disable-next-line import/no-default-export
export default FlakyReporter;
