import { readdirSync } from 'node:fs';
import path from 'node:path';
import {
  type Environment,
  formatProblems,
  InvalidConfigError,
  isEnvironment,
  type Problem,
  ReadfleetError,
} from '../constructs/environment';

export interface LoadedEnvironment {
  /** E.g. `environments/production.ts`. */
  readonly file: string;
  readonly environment: Environment;
}

/**
 * Every environment of a folder, one per file, in the order of their names.
 *
 * @param folder where the files are; default: this one
 * @throws InvalidConfigError `READFLEET_ENVIRONMENTS_INVALID`, with the problems of all files at once, file by file
 */
export function loadEnvironments(folder: string = __dirname): LoadedEnvironment[] {
  const loaded: LoadedEnvironment[] = [];
  const problems: Problem[] = [];
  const texts: string[] = [];
  for (const name of environmentFiles(folder)) {
    const file = `${path.basename(folder)}/${name}`;
    const outcome = load(path.join(folder, name));
    if ('environment' in outcome) {
      loaded.push({ file, environment: outcome.environment });
      continue;
    }
    problems.push(...outcome.problems);
    texts.push(formatProblems(file, outcome.problems));
  }
  if (problems.length > 0) throw new InvalidConfigError('READFLEET_ENVIRONMENTS_INVALID', texts.join('\n'), problems);
  return loaded;
}

function environmentFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.[cm]?[jt]s$/.test(name) && !/\.d\.[cm]?ts$/.test(name) && !/^index\./.test(name))
    .sort();
}

/** One file must not hide the problems of the others: whatever it throws becomes a problem of its own. */
function load(file: string): { readonly environment: Environment } | { readonly problems: readonly Problem[] } {
  let exported: unknown;
  try {
    exported = require(file);
  } catch (error) {
    if (isInvalidConfig(error)) return { problems: error.problems };
    return { problems: [unreadable(error)] };
  }
  const environment = (exported as { default?: unknown } | undefined)?.default;
  if (!isEnvironment(environment)) {
    return {
      problems: [
        {
          code: 'READFLEET_ENVIRONMENT_EXPORT',
          path: 'default',
          got: environment === undefined ? undefined : typeof environment,
          message: 'The file exports no environment.',
          fix: 'Write: export default environment({ … });',
        },
      ],
    };
  }
  const name = path.parse(file).name;
  if (environment.name === name) return { environment };
  return {
    problems: [
      {
        code: 'READFLEET_ENVIRONMENT_NAME',
        path: 'name',
        got: environment.name,
        message: 'An environment has the name of its file, so that a stack is found where it is expected.',
        fix: `Write name: '${name}', or rename the file.`,
      },
    ],
  };
}

function isInvalidConfig(error: unknown): error is InvalidConfigError {
  return ReadfleetError.is(error) && 'problems' in error;
}

function unreadable(error: unknown): Problem {
  return {
    code: 'READFLEET_ENVIRONMENT_UNREADABLE',
    path: '',
    got: error instanceof Error ? error.name : typeof error,
    message: `The file cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
    fix: 'Run `npx tsc --noEmit` to see where.',
  };
}
