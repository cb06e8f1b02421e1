import { z } from 'zod';
import { InvalidConfigError } from '../../lib/errors';
import { formatProblems, type Problem, problemsOf } from '../../lib/problems';
import { withDefaults } from './defaults';
import type { Environment } from './resolved';
import { ruleProblems } from './rules';
import { ANY_TOPOLOGY, VARIANTS } from './schema/variants';
import type { EnvironmentInput } from './types';
import { unknownKeyProblems } from './unknown-keys';

/**
 * A checked environment, with every default filled in.
 *
 * @throws InvalidConfigError `READFLEET_ENVIRONMENT_INVALID`, with every problem at once, each with path, value and fix
 */
export function environment(input: EnvironmentInput): Environment {
  const problems = environmentProblems(input);
  if (problems.length === 0) return withDefaults(input);
  const name = (input as { name?: unknown } | null | undefined)?.name;
  const source = typeof name === 'string' ? `environment ${name}` : 'environment';
  throw new InvalidConfigError('READFLEET_ENVIRONMENT_INVALID', formatProblems(source, problems), problems);
}

/** Everything that is wrong with a document that wants to be an environment. Empty when all is well. */
export function environmentProblems(input: unknown): Problem[] {
  const schema = variantFor(input);
  const result = schema.safeParse(input);
  // The rules look at the parts they need by themselves, so that one bad field never hides another problem.
  const fromRules = ruleProblems(input);
  if (result.success) return fromRules;
  const fromSchema = result.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return unknownKeyProblems(schema, issue, input);
    // Of a key that is refused, zod tells the reason one level down.
    const told =
      issue.code === 'invalid_key' ? { ...issue, message: issue.issues[0]?.message ?? issue.message } : issue;
    return problemsOf(new z.ZodError([told]), input, 'READFLEET_ENVIRONMENT_INVALID');
  });
  return [...fromSchema, ...fromRules];
}

function variantFor(input: unknown) {
  const topology = (input as { topology?: unknown } | null | undefined)?.topology;
  return typeof topology === 'string' && Object.hasOwn(VARIANTS, topology)
    ? VARIANTS[topology as keyof typeof VARIANTS]
    : ANY_TOPOLOGY;
}
