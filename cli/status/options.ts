import { readArgs } from '../args';
import { LOGIN_OPTIONS } from '../credentials';
import { UsageError } from '../usage-error';

export interface StatusOptions {
  readonly contract: string | undefined;
  readonly user: string | undefined;
  readonly ca: string | undefined;
  readonly json: boolean;
  /** Milliseconds between two looks; undefined looks once. */
  readonly watchMs: number | undefined;
  readonly url: string | undefined;
}

const DEFAULT_WATCH_SECONDS = '2';

/** @throws UsageError */
export function readStatusOptions(args: readonly string[]): StatusOptions {
  const { values } = readArgs(withWatchValue(args), {
    ...LOGIN_OPTIONS,
    json: { type: 'boolean' },
    watch: { type: 'string' },
    url: { type: 'string' },
  });
  const { contract, user, ca, json = false, url } = values;
  if (url !== undefined && [contract, user, ca].some((value) => value !== undefined)) {
    throw new UsageError('--url asks an app, which has a contract of its own: leave out --contract, --user and --ca.');
  }
  return { contract, user, ca, json, url, watchMs: milliseconds(values.watch) };
}

/** `--watch` may stand alone, or before a number: `node:util` knows no such option. */
function withWatchValue(args: readonly string[]): string[] {
  const result: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] as string;
    const next = args[index + 1];
    if (arg !== '--watch') result.push(arg);
    else if (next !== undefined && /^\d/.test(next)) {
      result.push(`--watch=${next}`);
      index += 1;
    } else result.push(`--watch=${DEFAULT_WATCH_SECONDS}`);
  }
  return result;
}

function milliseconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d+(\.\d+)?s?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (seconds >= 0.1 && seconds <= 3_600) return seconds * 1_000;
  throw new UsageError(`--watch must be a number of seconds, 0.1 to 3600, got: ${text}`);
}
