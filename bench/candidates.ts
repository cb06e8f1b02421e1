import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Pool } from 'pg';
import type { LocalFleet } from '../local';
import { type Candidate, poolConfig, READ, type Router, SLOW_READ, type Target } from './peers/peer';
import { readfleet } from './readfleet';

const peers = path.join(__dirname, 'peers');

/** What an app does without a router: one pool on one replica. */
export const bare: Candidate = {
  label: 'pg.Pool on a replica',
  how: '`pool.query(text, [id])`',
  async open(target: Target): Promise<Router> {
    const [replica] = target.replicas;
    if (!replica) throw new Error('A bare pool needs a replica.');
    const pool = new Pool(poolConfig(target, replica));
    // Without a listener the loss of an idle connection ends the process.
    pool.on('error', () => undefined);
    return {
      read: (id) => pool.query(READ, [id]),
      slowRead: (id) => pool.query(SLOW_READ, [id]),
      body: (result) => (result as { rows: { body: string }[] }).rows[0]?.body,
      close: () => pool.end(),
    };
  },
};

/** Adapters in `bench/peers`, a package of its own: file and export. */
const PEERS = {
  drizzle: ['drizzle', 'candidate'],
  typeorm: ['typeorm', 'candidate'],
  sequelize: ['sequelize', 'candidate'],
  kysely: ['kysely', 'candidate'],
  'kysely-plain': ['kysely', 'plain'],
} as const;

/** Names by which `--candidates` chooses. */
export const ROUTERS = ['raw', 'readfleet', ...(Object.keys(PEERS) as (keyof typeof PEERS)[])] as const;

/**
 * A candidate by its name. Loads the package of a peer, and only that.
 *
 * @throws Error when there is none of that name
 */
export function candidateOf(name: string): Candidate {
  if (name === 'raw') return bare;
  if (name === 'readfleet') return readfleet;
  const [file, exported] = PEERS[name as keyof typeof PEERS] ?? [];
  if (!file || !exported) throw new Error(`There is no candidate "${name}". There are: ${ROUTERS.join(', ')}.`);
  // Loaded at run time: its types are in a package that is installed for a measurement alone.
  const adapter = require(path.join(peers, file)) as Readonly<Record<string, Candidate>>;
  const candidate = adapter[exported];
  if (!candidate) throw new Error(`bench/peers/${file}.ts exports no "${exported}".`);
  return candidate;
}

/** Installs the peers where they are not installed yet. */
export function installPeers(): void {
  if (existsSync(path.join(peers, 'node_modules', 'typeorm', 'package.json'))) return;
  const { status } = spawnSync('npm', ['ci'], { cwd: peers, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error('bench/peers could not be installed: run npm ci there.');
}

/** Where the members of a local fleet are, and the limits that all candidates get. */
export function targetOf(
  local: LocalFleet,
  limits: Pick<Target, 'poolMax' | 'connectTimeoutMs' | 'idleTimeoutMs'>,
): Target {
  const { auth, database, writer, readers } = local.contract;
  if (auth.kind !== 'password') throw new Error('A local fleet has a password.');
  return {
    primary: { host: writer.host, port: writer.port },
    replicas: readers.map(({ host, port }) => ({ host, port })),
    ...{ user: auth.user, password: auth.password, database },
    ...limits,
  };
}

/** What every bench reads and writes, on the primary; waits until the replicas have it. */
export async function prepare(local: LocalFleet): Promise<void> {
  await local.primary.query(
    `create table note as select n as id, 'note ' || n as body from generate_series(1, 1000) n`,
  );
  await local.primary.query('alter table note add primary key (id)');
  await local.primary.query('create table visit (id int generated always as identity, what text)');
  await local.primary.query('create sequence ticket');
  await local.primary.query(`create function record_visit() returns int language sql volatile
    as $$ insert into visit (what) values ('function') returning id $$`);
  // The subquery is there for its time alone: some ten milliseconds of a scan, with a snapshot held.
  await local.primary.query(`create view slow_note as select n.id, n.body from note n
    where (select count(*) from note a, note b where a.id <= 150 and a.body <> b.body) > 0`);
  await local.primary.query('vacuum analyze');
  const [{ lsn } = { lsn: '' }] = await local.primary.query<{ lsn: string }>('select pg_current_wal_lsn() as lsn');
  for (const replica of local.replicas) {
    for (;;) {
      const [row] = await replica.query<{ has: boolean }>('select pg_last_wal_replay_lsn() >= $1::pg_lsn as has', [
        lsn,
      ]);
      if (row?.has) break;
    }
  }
}
