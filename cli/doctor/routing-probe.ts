import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../../lib/connect';
import type { FleetContract } from '../../lib/contract';
import { messageOf } from '../../lib/errors';
import type { Fleet } from '../../lib/fleet';
import type { MemberStatus } from '../../lib/status';
import { listen } from '../../monitoring/listen';
import type { Login } from '../credentials';
import type { LossFacts, RoutingFacts, Sent } from './facts';
import { type Found, find } from './found';
import { loseConnection } from './loss-probe';

const POLL_MS = 300;
/** Some rounds: the age of a replica that is behind is known from when the primary was where the replica is now. */
const WATCH_MS = 1_500;
/** Where one is further behind than that, it is watched until it is known to be critical; not longer than this. */
const LONGEST_WATCH_MS = 10_000;
/** For each replica. */
const READS = 4;

const READ = 'select 1';
/** Locks rows of nobody's: it must run on the primary, and changes nothing. */
const WRITE = 'select 1 from (select 1) as nobody for update';

const ENDPOINT = 'readfleet-doctor';

/** What the library sees, and what it does when members go. Members go by breakers of this process: nobody else notices. */
export async function probeRouting(
  contract: FleetContract,
  login: Login,
  allowLoss: boolean,
): Promise<{ readonly routing: Found<RoutingFacts>; readonly loss: Found<LossFacts> | undefined }> {
  const application = `readfleet doctor ${process.pid}`;
  const connected = await find(
    connect(contract, {
      ...login,
      // In turn: each replica is to be read once.
      balancer: 'round-robin',
      slowStartMs: 0,
      lag: { pollMs: POLL_MS },
      pools: { primaryMax: 2, replicaMax: 2 },
      applicationName: application,
      closeTimeoutMs: 500,
    }),
  );
  if ('missing' in connected) return { routing: connected, loss: allowLoss ? connected : undefined };
  const fleet = connected.value;
  try {
    const watchedSeconds = await watch(fleet);
    const routing = await find(probe(fleet, watchedSeconds));
    // Last: a connection that is lost leaves its mark on breaker and pool.
    return { routing, loss: allowLoss ? await find(loseConnection(fleet, login, application)) : undefined };
  } finally {
    await fleet.close();
  }
}

/** @returns for how long replicas were watched, in seconds */
async function watch(fleet: Fleet): Promise<number> {
  const began = performance.now();
  const criticalMs = fleet.contract.lag.criticalSeconds * 1_000 + POLL_MS;
  await delay(WATCH_MS);
  while (
    performance.now() - began < Math.min(criticalMs, LONGEST_WATCH_MS) &&
    fleet.status().members.some(isOutOfSight)
  ) {
    await delay(POLL_MS);
  }
  return (performance.now() - began) / 1_000;
}

/** Whether it is further behind than it was watched. */
function isOutOfSight({ lag }: MemberStatus): boolean {
  return lag?.seconds === Number.POSITIVE_INFINITY;
}

async function probe(fleet: Fleet, watchedSeconds: number): Promise<RoutingFacts> {
  const { members } = fleet.status();
  const primary = members.find(({ role, state }) => role === 'primary' && state.kind !== 'fenced');
  const replicas = members.filter(({ role }) => role === 'replica').map(({ name }) => name);
  const serving = members.filter(({ role, state }) => role === 'replica' && state.kind === 'serving');
  const spread = await readInTurn(fleet, READS * Math.max(serving.length, 1));
  const write = await send(fleet, WRITE);
  const [first] = serving;
  const without =
    first && serving.length > 1
      ? { replica: first.name, read: await withOpen(fleet, [first.name], () => send(fleet, READ)) }
      : undefined;
  const fallback = await withOpen(fleet, replicas, () => send(fleet, READ));
  const withoutPrimary = await withOpen(fleet, primary ? [primary.name] : [], async () => ({
    read: await send(fleet, READ),
    write: await send(fleet, WRITE),
  }));
  return { members, watchedSeconds, spread, write, without, fallback, withoutPrimary };
}

async function readInTurn(fleet: Fleet, reads: number): Promise<RoutingFacts['spread']> {
  const byMember: Record<string, number> = {};
  const failed: string[] = [];
  for (let read = 0; read < reads; read += 1) {
    const sent = await send(fleet, READ);
    if ('error' in sent) failed.push(sent.error);
    else byMember[sent.member] = (byMember[sent.member] ?? 0) + 1;
  }
  return { reads, byMember, failed };
}

/** Runs `work` while nothing is sent to these members, as when they are down. */
async function withOpen<T>(fleet: Fleet, names: readonly string[], work: () => Promise<T>): Promise<T> {
  for (const name of names) fleet.breaker(name).forceOpen();
  try {
    return await work();
  } finally {
    for (const name of names) fleet.breaker(name).reset();
  }
}

/** Sends one statement, as an app would, and sees whereto. */
async function send(fleet: Fleet, text: string): Promise<Sent> {
  let member: string | undefined;
  const end = listen(fleet.contract, {
    decision(decision) {
      if (decision.endpoint === ENDPOINT) member = decision.member;
    },
  });
  try {
    await fleet.query(text, undefined, { endpoint: ENDPOINT });
    return { member: member ?? 'nobody' };
  } catch (error) {
    return { error: messageOf(error), code: (error as { code?: string }).code };
  } finally {
    end();
  }
}
