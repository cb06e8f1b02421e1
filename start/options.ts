import { parseArgs } from 'node:util';

/** Where the status page is to listen, on loopback. */
export interface PagePort {
  /** 0 for any that is free. */
  readonly port: number;
  /** Whether another will do when it is taken: nobody named it. */
  readonly orAny: boolean;
}

/** What `npm start` was asked to do. */
export interface StartOptions {
  /** Milliseconds after which it ends by itself; undefined runs until it is stopped. */
  readonly forMs: number | undefined;
  readonly replicas: number;
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  /** Where the contract of the local fleet is written. */
  readonly contract: string;
  readonly terraform: boolean;
  /** Of the status page; undefined for none. */
  readonly page: PagePort | undefined;
}

export const HELP = `readfleet: the main job, end to end, on this machine

Usage: npm start -- [options]

  Loads, checks and synthesises every environment of environments/, validates the Terraform where Terraform can be had,
  starts a local fleet (a real PostgreSQL primary with real streaming replicas), and reads from it through the library
  as an app would, showing each member live. Ctrl-C ends it; nothing is left behind.

Options:
  --for <time>        end by itself after this long, e.g. 20s, 2m, 500ms     (default: run until Ctrl-C)
  --replicas <n>      replicas of the local fleet, 1 to 15                   (default: 2)
  --reads <n>         reads per second, 1 to 5000                            (default: 200)
  --writes <n>        writes per second, 0 to 1000                           (default: 20)
  --contract <file>   where to write the local fleet's contract              (default: .readfleet/fleet.json)
  --port <n>          port of the status page, on loopback; 0: any free   (default: 7433)
  --no-page           no status page
  --no-terraform      do not run terraform validate
  --help              this text

While it runs:
  The status page     shows it all live, and offers faults: pause, cut off, freeze, kill, promote, fail over, add, remove
  kill -9 <pid>       of a replica: see its state change, and not one read fail
  In an app or a REPL: connect({ file: '.readfleet/fleet.json' }) reads from the same fleet.

Docs: README.md
`;

/** Unassigned at IANA, and near to PostgreSQL's own. */
const DEFAULT_PORT = 7_433;

/** Bad arguments, all of them. */
export class UsageError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`${problems.join('\n')}\nSee: npm start -- --help`);
  }
}

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** @returns milliseconds, or undefined when `text` is no time such as `20s` */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim());
  const unit = UNITS[match?.[2] ?? ''];
  const time = match && unit ? Number(match[1]) * unit : 0;
  return time > 0 ? time : undefined;
}

/**
 * @param args what stands behind `npm start --`
 * @returns 'help' when that was asked for
 * @throws UsageError with every bad argument
 */
export function parseOptions(args: readonly string[]): StartOptions | 'help' {
  const problems: string[] = [];
  const values = readArgs(args);
  if (values.help) return 'help';

  const whole = (
    name: 'replicas' | 'reads' | 'writes' | 'port',
    fallback: number,
    min: number,
    max: number,
  ): number => {
    const text = values[name];
    if (text === undefined) return fallback;
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return number;
    problems.push(`--${name} must be a whole number, ${min} to ${max}, got: ${text}`);
    return fallback;
  };

  const forMs = values.for === undefined ? undefined : parseDuration(values.for);
  if (values.for !== undefined && forMs === undefined) {
    problems.push(`--for must be a time such as 20s, 2m or 500ms, got: ${values.for}`);
  }
  const options: StartOptions = {
    forMs,
    replicas: whole('replicas', 2, 1, 15),
    readsPerSecond: whole('reads', 200, 1, 5_000),
    writesPerSecond: whole('writes', 20, 0, 1_000),
    contract: values.contract ?? '.readfleet/fleet.json',
    terraform: !values['no-terraform'],
    page: values['no-page']
      ? undefined
      : { port: whole('port', DEFAULT_PORT, 0, 65_535), orAny: values.port === undefined },
  };
  if (problems.length > 0) throw new UsageError(problems);
  return options;
}

function readArgs(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        for: text,
        replicas: text,
        reads: text,
        writes: text,
        contract: text,
        port: text,
        'no-page': flag,
        'no-terraform': flag,
        help: { ...flag, short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError([(error as Error).message]);
  }
}
