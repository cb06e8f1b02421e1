import type { ReadOptions } from '../../lib';
import { InvalidConfigError } from '../../lib/errors';
import { formatProblems, type Problem } from '../../lib/problems';

const CODE = 'READFLEET_OPTIONS_INVALID';

/** Of an adapter beside `read`, each with the values that it may have. */
type Choices<Options> = { readonly [Name in Exclude<keyof Options, 'read'>]-?: readonly unknown[] };

/** What may stand in `read`: to know who wrote it one level too high. */
const OF_READS: Readonly<Record<keyof ReadOptions, true>> = {
  maxStalenessMs: true,
  consistency: true,
  priority: true,
  timeoutMs: true,
  attemptTimeoutMs: true,
  hedge: true,
  endpoint: true,
  signal: true,
  rolloutKey: true,
};

/**
 * Checks the options of an adapter whose reads have theirs in `read`. One that is not known would be without effect, and reads go where nobody meant them to.
 * What stands in `read` is checked where it is taken: by `pool.lend(read)`.
 *
 * @param call whose options they are, for the message: `withReplicas()`
 * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`, with every problem at once
 */
export function checkOptions<Options extends { readonly read?: ReadOptions }>(
  options: Options,
  choices: Choices<Options>,
  call: string,
): void {
  const problems = isObject(options) ? problemsOf(options, choices) : [problem('', options, 'Must be an object.')];
  if (problems.length > 0) throw new InvalidConfigError(CODE, formatProblems(`${call} options`, problems), problems);
}

function problemsOf(options: object, choices: Readonly<Record<string, readonly unknown[]>>): Problem[] {
  return Object.entries(options).flatMap(([name, got]) => {
    if (name === 'read') return [];
    const values = Object.hasOwn(choices, name) ? choices[name] : undefined;
    if (!values)
      return [problem(name, got, 'There is no such option.', insteadOf(name, [...Object.keys(choices), 'read']))];
    if (got === undefined || values.includes(got)) return [];
    return [problem(name, got, `Must be ${values.map((value) => JSON.stringify(value)).join(' or ')}.`)];
  });
}

function insteadOf(name: string, known: readonly string[]): string {
  return Object.hasOwn(OF_READS, name) ? `Was { read: { ${name} } } meant?` : `There are: ${known.join(', ')}.`;
}

function problem(path: string, got: unknown, message: string, fix?: string): Problem {
  return { code: CODE, path, got, message, ...(fix !== undefined && { fix }) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
