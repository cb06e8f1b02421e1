import { ReadfleetError } from '../../../lib/errors';
import type { Fleet } from '../../../lib/fleet';
import { checkMilliseconds } from '../milliseconds';
import { serversOf } from '../servers/find';
import { holding, mended } from '../servers/hold';
import type { TestServer, TestServers } from '../servers/servers';
import { caughtUp, known } from './caught-up';
import { TestClock } from './clock';

/** Servers by what they are: `replicas`, `all`; or by their names. */
export type Which = 'replicas' | 'all' | (string & {}) | readonly string[];

/** How far replicas are behind in `withLag()`, and which. */
export interface LagOptions {
  /** How far behind, in milliseconds, up to 24 days. @default 2000 */
  readonly ms?: number;
  /** Which replicas. @default "replicas" - every one */
  readonly replicas?: Which;
}

/**
 * Runs `work`, which may do any harm to the servers of `fleet`, and undoes it: returns when all of them are well and `fleet` knows it.
 *
 * On the shared fleet it waits until nobody else counts on the servers ({@link undisturbed}, `freshDatabase()`) and nobody breaks them; tests that
 * said neither meet the fault too. Within another of these it is a part of that one.
 *
 * @throws ReadfleetError `READFLEET_TESTING_UNKNOWN_SERVERS`, `READFLEET_TESTING_HOLD`, `READFLEET_TESTING_BEHIND`
 */
export async function withFaults<T>(fleet: Fleet, work: (servers: TestServers) => Promise<T>): Promise<T> {
  const servers = serversOf(fleet.contract);
  return holding(
    servers,
    'alone',
    () => work(servers),
    () => welcomed(fleet),
  );
}

/** Runs `work` while nobody breaks the servers of `fleet`: for what tells where a read went, on a shared fleet that others break. */
export async function undisturbed<T>(fleet: Fleet, work: () => Promise<T>): Promise<T> {
  return holding(serversOf(fleet.contract), 'undisturbed', work);
}

/**
 * Runs `work` while replicas are so far behind, and `fleet` knows it: they stand still, and show nothing of what is written meanwhile.
 *
 * With the clock of `testOptions()` this takes a few milliseconds, whatever the lag: it is set forward. With another clock the time goes by. Within
 * another lag, clocks have been set forward already, and the lags add up.
 *
 * @throws ReadfleetError `READFLEET_TESTING_MILLISECONDS`, or as {@link withFaults}
 */
export async function withLag<T>(fleet: Fleet, options: LagOptions, work: () => Promise<T>): Promise<T> {
  const { ms = 2_000, replicas = 'replicas' } = options;
  checkMilliseconds('withLag()', ms);
  return withFaults(fleet, async (servers) => {
    const late = chosen(servers, replicas);
    await Promise.all(late.map((replica) => replica.pauseReplay()));
    return mended(
      async () => {
        await age(fleet, servers, late, ms);
        return work();
      },
      async () => {
        await Promise.all(late.map((replica) => replica.resumeReplay()));
      },
    );
  });
}

/**
 * Runs `work` while servers are down: killed, without a word to anybody. `fleet` finds out as in life.
 *
 * @throws ReadfleetError as {@link withFaults}
 */
export function withDown<T>(fleet: Fleet, which: Which, work: () => Promise<T>): Promise<T> {
  return broken(
    fleet,
    which,
    (server) => server.kill(),
    (server) => server.restart(),
    work,
  );
}

/**
 * Runs `work` while servers are frozen: they accept connections and answer nothing. `fleet` finds out as in life.
 *
 * @throws ReadfleetError as {@link withFaults}
 */
export function withFrozen<T>(fleet: Fleet, which: Which, work: () => Promise<T>): Promise<T> {
  return broken(
    fleet,
    which,
    (server) => server.freeze(),
    (server) => server.thaw(),
    work,
  );
}

function broken<T>(
  fleet: Fleet,
  which: Which,
  harm: (server: TestServer) => Promise<void>,
  undo: (server: TestServer) => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  return withFaults(fleet, async (servers) => {
    const some = chosen(servers, which);
    return mended(
      async () => {
        await Promise.all(some.map(harm));
        return work();
      },
      // In their order, the primary first: replicas catch up with it.
      async () => {
        for (const server of some) await undo(server);
      },
    );
  });
}

/** Makes `fleet` see replicas that stand still as so old, and all others as fresh. */
async function age(fleet: Fleet, servers: TestServers, late: readonly TestServer[], ms: number): Promise<void> {
  const { members, clock } = fleet.internals;
  const names = new Set(late.map(({ name }) => name));
  // A replica is behind when there is something that it does not have.
  await servers.primary.query("select pg_logical_emit_message(true, 'readfleet', 'lag')");
  // Twice: a question of the first may have been under way before.
  for (let round = 0; round < 2; round += 1) await members.round();
  if (clock instanceof TestClock) clock.advance(ms);
  const since = clock.now();
  const seen = () =>
    members.readers.every(({ name, facts: { provenAt, sighting, failure } }) => {
      if (failure !== undefined) return true;
      // Seen since then: its state is judged when it is.
      if (names.has(name)) {
        const aged = clock.now() - (provenAt ?? Number.NEGATIVE_INFINITY) >= ms;
        return aged && sighting !== undefined && sighting.at >= since;
      }
      return provenAt !== undefined && provenAt >= since;
    });
  if (await known(fleet, seen, ms + 20_000)) return;
  throw new ReadfleetError('READFLEET_TESTING_BEHIND', `The fleet did not see a lag of ${ms} ms.`);
}

/** After a fault: what failed is forgiven, and every replica is read again. */
async function welcomed(fleet: Fleet): Promise<void> {
  const { members, clock } = fleet.internals;
  for (const { breaker } of members.readers) if (breaker.forced === undefined) breaker.reset(clock.now());
  await caughtUp(fleet);
}

function chosen(servers: TestServers, which: Which): readonly TestServer[] {
  if (which === 'replicas') return servers.replicas;
  if (which === 'all') return [servers.primary, ...servers.replicas];
  return (typeof which === 'string' ? [which] : which).map((name) => servers.member(name));
}
