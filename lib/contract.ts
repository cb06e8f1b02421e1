import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { InvalidConfigError, ReadfleetError } from './errors';
import { formatProblems, problemsOf } from './problems';

/** The version of the contract that this release writes and reads. Fields may be added within a version, never change meaning. */
export const CONTRACT_VERSION = 1;

/** Where something listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** One PostgreSQL server of a fleet. */
export interface ContractMember extends Address {
  /** Unique within the fleet; it names the member in metrics, errors and runbooks. */
  readonly name: string;
  /** Availability zone, e.g. `eu-central-1a`. */
  readonly zone?: string;
  /**
   * Share of reads relative to the other readers.
   * @default 1
   */
  readonly weight?: number;
  /** AWS resource id (`db-…`, `cluster-…`), which IAM policies name. */
  readonly resourceId?: string;
  /**
   * AWS region, for which IAM tokens are signed.
   * @default - the contract's
   */
  readonly region?: string;
}

/** How clients prove who they are. A password stands in a contract for local fleets only. */
export type ContractAuth =
  | { readonly kind: 'iam'; readonly user: string }
  | { readonly kind: 'secret'; readonly secretArn: string }
  | { readonly kind: 'password'; readonly user: string; readonly password: string };

/** The shapes a fleet can have on AWS. A local fleet is `instances`. */
export const TOPOLOGIES = ['instances', 'multi-az-cluster', 'aurora'] as const;
/** The shape of a fleet: one of `TOPOLOGIES`. It says whether members change places on failover, and who counts as a reader. */
export type Topology = (typeof TOPOLOGIES)[number];

/** Lag past which people are told, in seconds. */
export interface LagThresholds {
  readonly warningSeconds: number;
  readonly criticalSeconds: number;
}

/** When people are told of replication. */
export interface ContractLag extends LagThresholds {
  /**
   * How long a member may be unhealthy, in seconds.
   * @default 120
   */
  readonly unhealthySeconds?: number;
}

/**
 * The fleet contract: everything an app needs to know of a fleet, and all that joins what was deployed to what reads from it.
 *
 * `constructs/` and `local/` write it; `lib/` and `lambda/` read it. A reader ignores fields it does not know.
 */
export interface FleetContract {
  readonly version: typeof CONTRACT_VERSION;
  readonly fleet: string;
  readonly environment: string;
  readonly topology: Topology;
  /** AWS region; absent for a local fleet. */
  readonly region?: string;
  /** PostgreSQL's major version. */
  readonly engine: { readonly major: number };
  readonly database: string;
  readonly auth: ContractAuth;
  /** `disable` is for local fleets. */
  readonly tls: 'verify-full' | 'disable';
  readonly writer: ContractMember;
  readonly readers: readonly ContractMember[];
  /** RDS Proxy endpoints, where there are any, and the PostgreSQL role that its clients are, which is not that of `auth`. */
  readonly proxy?: { readonly writer?: Address; readonly reader?: Address; readonly user?: string };
  /** A DNS name over all readers, for clients that cannot use the library. */
  readonly readName?: Address;
  readonly lag: ContractLag;
}

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'Must be lower-case letters, digits and hyphens, and begin with a letter.');
const word = z.string().regex(/^\S+$/, 'Must be a text without spaces.');
const address = z.object({
  host: word,
  port: z.int('Must be a whole number, 1 to 65535.').min(1, 'Must be 1 to 65535.').max(65_535, 'Must be 1 to 65535.'),
});
const member = address.extend({
  name,
  zone: word.optional(),
  weight: z.number().positive('Must be more than 0; leave a member out, or drain it, to send it nothing.').optional(),
  resourceId: word.optional(),
  region: word.optional(),
});

const handMade = z.strictObject(member.shape, 'Must be an object: { name, host, port }.');

const CONTRACT = 'fleet contract';

const schema: z.ZodType<FleetContract> = z
  .object({
    version: z.literal(CONTRACT_VERSION),
    fleet: name,
    environment: name,
    topology: z.enum(TOPOLOGIES, `Must be one of ${TOPOLOGIES.join(', ')}.`),
    region: word.optional(),
    engine: z.object({ major: z.int().min(13, 'Must be 13 or later.') }),
    database: z.string().min(1),
    auth: z.discriminatedUnion(
      'kind',
      [
        z.object({ kind: z.literal('iam'), user: word }),
        z.object({ kind: z.literal('secret'), secretArn: word }),
        z.object({ kind: z.literal('password'), user: word, password: z.string() }),
      ],
      'Must have kind "iam", "secret" or "password".',
    ),
    tls: z.enum(['verify-full', 'disable'], 'Must be "verify-full" or "disable".'),
    writer: member,
    readers: z.array(member),
    proxy: z.object({ writer: address.optional(), reader: address.optional(), user: word.optional() }).optional(),
    readName: address.optional(),
    lag: z
      .object({
        warningSeconds: z.number().positive(),
        criticalSeconds: z.number().positive(),
        unhealthySeconds: z.number().positive('Must be more than 0 seconds.').optional(),
      })
      .refine(
        (lag) => lag.warningSeconds <= lag.criticalSeconds,
        'warningSeconds must not be more than criticalSeconds.',
      ),
  })
  .check((context) => {
    const { writer, readers } = context.value;
    const seen = new Set([writer.name]);
    readers.forEach((reader, index) => {
      if (seen.has(reader.name)) {
        context.issues.push({
          code: 'custom',
          input: context.value,
          path: ['readers', index, 'name'],
          message: 'Another member has this name already.',
          params: { code: 'READFLEET_CONTRACT_DUPLICATE_MEMBER', fix: 'Give each member a name of its own.' },
        });
      }
      seen.add(reader.name);
    });
  });

/**
 * A contract from JSON text or from an object.
 *
 * @param source where it came from, for the message: a file, an SSM parameter
 * @throws InvalidConfigError `READFLEET_CONTRACT_INVALID`, with every problem at once
 * @throws ReadfleetError `READFLEET_CONTRACT_VERSION` when it was written by a release with another version of the contract
 */
export function parseContract(input: unknown, source = CONTRACT): FleetContract {
  const document = typeof input === 'string' ? parseJson(input, source) : input;
  const version = (document as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version !== CONTRACT_VERSION) {
    throw new ReadfleetError(
      'READFLEET_CONTRACT_VERSION',
      `${source}: contract version ${version}, but this release of readfleet reads version ${CONTRACT_VERSION}. ` +
        (version > CONTRACT_VERSION
          ? 'Update readfleet in the app.'
          : 'Deploy the fleet again with a current release.'),
    );
  }
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  const problems = problemsOf(result.error, document, 'READFLEET_CONTRACT_INVALID');
  throw new InvalidConfigError('READFLEET_CONTRACT_INVALID', formatProblems(source, problems), problems);
}

/** The contract in `file`, as `npm start`, `local/` or a deployment pipeline wrote it. */
export async function readContractFile(file: string): Promise<FleetContract> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new ReadfleetError(
      'READFLEET_CONTRACT_UNREADABLE',
      `${file}: the fleet contract cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
  return parseContract(text, file);
}

/**
 * A member that an app describes by hand, where a field nobody knows is a slip of the pen.
 *
 * @internal use `fleet.replicas.add()`
 * @param source what it was given to
 * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`, with every problem at once
 */
export function parseMember(input: unknown, source: string): ContractMember {
  const result = handMade.safeParse(input);
  if (result.success) return result.data as ContractMember;
  const problems = problemsOf(result.error, input, 'READFLEET_OPTIONS_INVALID');
  throw new InvalidConfigError('READFLEET_OPTIONS_INVALID', formatProblems(source, problems), problems);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Without what V8 quotes of the text, and without the error that holds it: there may be a password in it.
    const what = (error as Error).message.replace(/,? (\.\.\.)?".*$/s, '');
    const fix =
      /^\s*\{/.test(text) || source !== CONTRACT
        ? ''
        : " A contract is an object. For a file give { file: '…' }; for connection strings { env: process.env }, with DATABASE_URL.";
    throw new ReadfleetError('READFLEET_CONTRACT_INVALID', `${source}: not JSON: ${what}.${fix}`);
  }
}
