import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../lib';
import { bare, candidateOf } from './candidates';
import { peerVersion } from './figures';
import { READ, type Target } from './peers/peer';
import { connectOptions, contractOf, sessionOf } from './readfleet';

/** One way to read, connected. */
export interface Reading {
  readonly label: string;
  /** The call, for the notes below the table. */
  readonly how: string;
  readonly ours?: boolean;
  ask(id: number): Promise<unknown>;
  /** Runs all reads of one caller; what it does before `work` is not measured. */
  within?(work: () => Promise<void>): Promise<void>;
}

export interface Readings {
  readonly all: readonly Reading[];
  /** What could not be measured, and why. */
  readonly leftOut: readonly string[];
  /** Reads that readfleet sent to the primary, where there should be none. */
  readsOnPrimary(): number;
  close(): Promise<void>;
}

/** Longer than a poll of replication: by then the replica is known to have passed a session's write. */
const SETTLE_MS = 1_000;

/** Opens every candidate, the bare pool first. */
export async function openReadings(target: Target): Promise<Readings> {
  const all: Reading[] = [];
  const leftOut: string[] = [];
  const closers: (() => Promise<void>)[] = [];
  for (const label of ['pg.Pool', 'pg.Pool, a second one']) {
    const router = await bare.open(target);
    closers.push(() => router.close());
    all.push({ label, how: bare.how, ask: router.read });
  }

  const fleet = await connect(contractOf(target), connectOptions(target));
  closers.push(() => fleet.close());
  all.push(
    {
      label: 'readfleet fleet.query',
      how: '`fleet.query(text, [id])`',
      ours: true,
      ask: (id) => fleet.query(READ, [id]),
    },
    {
      label: 'readfleet fleet.read',
      how: '`fleet.read(text, [id], { maxStalenessMs: 5_000 })`',
      ours: true,
      ask: (id) => fleet.read(READ, [id], { maxStalenessMs: 5_000 }),
    },
    {
      label: 'readfleet readPool',
      how: '`fleet.readPool.query(text, [id])`',
      ours: true,
      ask: (id) => fleet.readPool.query(READ, [id]),
    },
  );
  const session = sessionOf(fleet);
  if (session) {
    all.push({
      label: 'readfleet session',
      how: '`fleet.query(text, [id])` inside `fleet.session()`, after a write of the same session that the replica has replayed',
      ours: true,
      ask: (id) => fleet.query(READ, [id]),
      within: (work) =>
        session(async () => {
          await fleet.write('insert into visit (what) values ($1)', ['session']);
          await delay(SETTLE_MS);
          await work();
        }),
    });
  } else leftOut.push('readfleet session: this version has no `fleet.session`.');

  for (const [name, packageName] of [
    ['drizzle', 'drizzle-orm'],
    ['typeorm', 'typeorm'],
    ['sequelize', 'sequelize'],
    ['kysely', 'kysely-replication'],
  ] as const) {
    const { label, how, open } = candidateOf(name);
    const router = await open(target);
    closers.push(() => router.close());
    all.push({ label, how: `${packageName} ${peerVersion(packageName)}: ${how}`, ask: router.read });
  }
  return {
    all,
    leftOut,
    readsOnPrimary: () => fleet.status().members.find(({ name }) => name === 'primary')?.reads ?? Number.NaN,
    close: async () => {
      await Promise.all(closers.map((close) => close()));
    },
  };
}
