import { connect, type Fleet } from '../lib';
import { type LocalFleet, startLocalFleet } from '../local';

/** Messages in all, and in the long conversation that has number 0. */
export const MESSAGES = 500_000;
export const LONG = 100_000;
/** The others, in number 1 and up. */
export const CONVERSATIONS = 1_000;

/**
 * A primary and a replica with conversations of messages, as the benches of `data/` read them.
 *
 * @param delayMs what the network takes in each direction; 0: there is none between
 */
export async function withMessages(
  work: (fleet: Fleet, local: LocalFleet) => Promise<void>,
  delayMs = 0,
): Promise<void> {
  const local = await startLocalFleet({
    replicas: 1,
    network: delayMs > 0,
    parameters: { shared_buffers: '256MB' },
  });
  try {
    await local.primary.query(
      `create table message (
         id bigint primary key, conversation_id int not null, priority int not null, created_at timestamptz not null,
         read_at timestamptz, body text not null)`,
    );
    await local.primary.query(
      `insert into message
       select n, case when n <= ${LONG} then 0 else 1 + n % ${CONVERSATIONS} end, n * 7 % 3, timestamptz '2025-01-01' + n * interval '1 second',
         case when n % 10 > 0 then timestamptz '2025-06-01' end, 'message number ' || n || ' ' || repeat('x', n % 100)
       from generate_series(1, ${MESSAGES}) n`,
    );
    await local.primary.query('create index on message (conversation_id, created_at, id)');
    await local.primary.query('create index on message (conversation_id, priority, created_at desc, id desc)');
    await local.primary.query('create index on message (conversation_id) where read_at is null');
    await local.primary.query('vacuum analyze message');
    const fleet = await connect(local.contract, { maxStalenessMs: Number.POSITIVE_INFINITY });
    if (delayMs > 0) for (const { network } of local.replicas) network.delay(delayMs);
    try {
      await work(fleet, local);
    } finally {
      await fleet.close();
    }
  } finally {
    await local.stop();
  }
}

/** Milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

export function ms(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}
