import { policy, refuse } from '../policy';

/** The oldest that AWS still creates functions with, by language. From memory, as of 2026-06. */
const OLDEST: readonly (readonly [language: RegExp, oldest: number])[] = [
  [/^nodejs(\d+)(?:\.x)?$/, 22],
  [/^python3\.(\d+)$/, 10],
  [/^ruby3\.(\d+)$/, 2],
  [/^dotnet(\d+)$/, 8],
];
/** Gone for good. */
const RETIRED = /^(?:nodejs\d\..*|nodejs|python2\..*|ruby2\..*|dotnetcore.*|java8|go1\.x|provided)$/;

export const functionRuntime = policy({
  code: 'READFLEET_POLICY_FUNCTION_RUNTIME',
  title: 'Lambda functions run on a runtime that gets security fixes.',
  controls: ['Lambda.2'],
  types: ['aws_lambda_function'],
  check: (resource) =>
    refuse(resource, 'runtime', (value) => typeof value === 'string' && isTooOld(value), {
      message: 'AWS no longer mends this runtime, and creates no function with it.',
      fix: 'Choose a supported one, e.g. "nodejs22.x".',
    }),
});

function isTooOld(runtime: string): boolean {
  if (RETIRED.test(runtime)) return true;
  return OLDEST.some(([language, oldest]) => {
    const version = language.exec(runtime)?.[1];
    return version !== undefined && Number(version) < oldest;
  });
}
