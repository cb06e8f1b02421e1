import { parseArgs } from 'node:util';

export interface CostOptions {
  /** Environments to estimate; none means all. */
  readonly environments: readonly string[];
  readonly json: boolean;
  /** Folder of environment files; undefined means `environments/`. */
  readonly folder: string | undefined;
}

export const HELP = `readfleet: what an environment costs per month

Usage: npm run cost -- [environment ...] [options]

  Estimates from the stack that would be deployed and from a dated table of on-demand prices that is checked in. Nothing
  is asked of AWS. What has no known price is told, and the sum then says "at least".

Options:
  --json              for programs: one JSON document (npm run -s cost -- --json)
  --folder <folder>   environment files of another folder, e.g. examples     (default: environments)
  --help              this text

Exit codes: 0 estimated, 1 an environment is wrong, 2 wrong arguments.

Docs: docs/cost.md
`;

/** Bad arguments. */
export class UsageError extends Error {
  constructor(problem: string) {
    super(`${problem}\nSee: npm run cost -- --help`);
  }
}

/**
 * @param args what stands behind `npm run cost --`
 * @returns 'help' when that was asked for
 * @throws UsageError
 */
export function parseOptions(args: readonly string[]): CostOptions | 'help' {
  const { values, positionals } = readArgs(args);
  if (values.help) return 'help';
  return { environments: [...new Set(positionals)], json: values.json ?? false, folder: values.folder };
}

/**
 * Those of `all` that were asked for, in the order of `all`.
 *
 * @throws UsageError with every name that is none, and the names that are
 */
export function chosen<T>(all: readonly T[], nameOf: (one: T) => string, names: readonly string[]): T[] {
  if (names.length === 0) return [...all];
  const known = all.map(nameOf);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const list = unknown.map((name) => `"${name}"`).join(', ');
    throw new UsageError(
      `There is no environment ${list}. There ${known.length === 1 ? 'is' : 'are'}: ${known.join(', ')}.`,
    );
  }
  return all.filter((one) => names.includes(nameOf(one)));
}

function readArgs(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, folder: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
