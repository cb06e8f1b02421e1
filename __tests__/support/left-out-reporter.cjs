/**
 * Says at the end of a run what was left out for want of a tool, and how to get it; says nothing when nothing was.
 * Plain JavaScript, as jest loads reporters without transforming them.
 */
const { writeFileSync } = require('node:fs');

const MARK = /\[left out: ([a-z-]+)\]/;

/** How many tests were left out, by tool. */
function leftOut(testResults) {
  const counts = new Map();
  for (const { testResults: tests } of testResults) {
    for (const { ancestorTitles, status } of tests) {
      const tool = status === 'pending' ? MARK.exec(ancestorTitles.join(' '))?.[1] : undefined;
      if (tool) counts.set(tool, (counts.get(tool) ?? 0) + 1);
    }
  }
  return counts;
}

/** The block for the terminal, one paragraph per tool. Empty when nothing was left out. */
function block(counts, tools) {
  return [...counts]
    .map(([tool, count]) => {
      const { title = tool, reason = '', fix = '' } = tools[tool] ?? {};
      return `Left out: ${count} ${count === 1 ? 'test' : 'tests'}, for want of ${title}.\n  ${reason}\n  ${fix}\n`;
    })
    .join('');
}

/** The numbers of a run for a program to read. A file that could not even be run counts as one failed test. */
function numbers(results) {
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites + (results.runExecError ? 1 : 0),
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

class LeftOutReporter {
  onRunComplete(_contexts, results) {
    const tools = JSON.parse(process.env.READFLEET_TEST_TOOLS ?? '{}');
    const text = block(leftOut(results.testResults), tools);
    if (text) process.stderr.write(`\n${text}`);
    const file = process.env.READFLEET_TEST_NUMBERS;
    if (file) writeFileSync(file, JSON.stringify(numbers(results)));
  }
}

module.exports = LeftOutReporter;
Object.assign(module.exports, { leftOut, block, numbers });
