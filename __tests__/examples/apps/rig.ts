import type { Served } from '../../../examples/apps/demo';
import { type ConnectOptions, connect, type Fleet } from '../../../lib';
import { channels, type Decision } from '../../../lib/telemetry/channels';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';
import { keepAsking, type LoadResult } from '../../support/load';

/** An example app on servers of its own. */
export interface Rig {
  readonly local: LocalFleet;
  readonly fleet: Fleet;
  readonly url: string;
  /** Answers with status and body. */
  call(method: string, path: string, init?: Init): Promise<Answer>;
  /** Resolves when every replica runs, streams, has all that the primary has, and serves. */
  sound(): Promise<void>;
  end(): Promise<void>;
}

export interface Init {
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of it
  readonly body: any;
  /** What a browser would send along next time. */
  readonly cookie: string;
}

/** A busy machine is no fault of a server's: nothing is given up for being late. */
const PATIENT: ConnectOptions = {
  slowStartMs: 0,
  lag: { pollMs: 100, timeoutMs: 2_000 },
  pools: { connectTimeoutMs: 30_000 },
  bulkhead: { waitMs: 30_000 },
  retries: { burst: 1_000 },
};

export async function startRig(
  options: ConnectOptions,
  prepare: (fleet: Fleet) => Promise<void>,
  serve: (fleet: Fleet, port: number) => Promise<Served>,
): Promise<Rig> {
  const local = await startLocalFleet({ replicas: 2 });
  const fleet = await connect(local.contract, { ...options, ...PATIENT });
  await prepare(fleet);
  const { url, close } = await serve(fleet, 0);
  const rig: Rig = {
    ...{ local, fleet, url },
    call: (method, path, init) => call(method, `${url}${path}`, init),
    async sound() {
      const [row] = await local.primary.query<{ lsn: string }>('select pg_current_wal_lsn() as lsn');
      for (const replica of local.replicas) {
        if (replica.pid === undefined) await replica.restart();
        else await replica.resumeReplay();
        await eventually(async () => {
          const [is] = await replica.query<{ has: boolean }>('select pg_last_wal_replay_lsn() >= $1 as has', [
            row?.lsn,
          ]);
          return is?.has === true;
        });
      }
      await eventually(() => fleet.status().members.every(({ state }) => state.kind === 'serving'));
    },
    async end() {
      await close();
      await fleet.close();
      await local.stop();
    },
  };
  await rig.sound();
  return rig;
}

async function call(method: string, url: string, { body, headers = {} }: Init = {}): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const cookie = response.headers.getSetCookie().map((set) => set.split(';')[0]);
  return { status: response.status, body: text && JSON.parse(text), cookie: cookie.join('; ') };
}

/** Where the statements went that were sent while `work` ran. */
export async function decisionsOf(fleet: Fleet, work: () => Promise<unknown>): Promise<Decision[]> {
  const heard: Decision[] = [];
  const hear = (message: unknown) => {
    const decision = message as Decision;
    if (decision.fleet === fleet.contract.fleet) heard.push(decision);
  };
  channels.decision.subscribe(hear);
  try {
    await work();
  } finally {
    channels.decision.unsubscribe(hear);
  }
  return heard;
}

/** Asks all the time, while one replica is killed and then the other one; each member has answered a good deal before the next fault. */
export async function loseReplicasUnderLoad(
  { local, fleet, url }: Rig,
  request: (url: string, turn: number) => Promise<unknown>,
): Promise<LoadResult> {
  const readsOf = (name: string) => fleet.status().members.find((member) => member.name === name)?.reads ?? 0;
  const answers = async (name: string) => {
    const before = readsOf(name);
    await eventually(() => readsOf(name) > before + 50);
  };
  const [first, second] = local.replicas.map(({ name }) => name) as [string, string];
  const end = keepAsking(8, (turn) => request(url, turn));
  let met: LoadResult | undefined;
  try {
    await Promise.all([answers(first), answers(second)]);
    await local.replica(first).kill();
    await answers(second);
    await local.replica(second).kill();
    await answers(local.primary.name);
  } finally {
    met = await end();
  }
  return met;
}
