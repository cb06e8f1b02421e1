import { chat } from '../examples/apps/chat/app';
import { type Capped, primaryOf, withCapped, withServer } from './apps-capped';
import { asMany, atRate, type Met } from './apps-load';

const REPLICAS = 2;
const CALLERS = 16;
/** How busy the primary was, by the requirement, before there were replicas. */
const BUSY = 0.85;
const SAMPLE_MS = 5;

/** The chat at one rate in one round: by the primary alone, or with replicas. */
export interface Offload extends Met {
  readonly replicas: number;
  /** Statements and transactions a second that read from the primary. */
  readonly readsPerSecond: number;
  /** Connections to the primary that were in use, on average. */
  readonly connections: number;
  /** CPU of the primary, of what it may use. */
  readonly load: number;
}

export interface Offloads {
  /** Requests a second. */
  readonly rate: number;
  readonly share: number;
  readonly rounds: readonly Offload[];
}

/** What replicas take off the primary, at a rate that it bears alone, though not well. */
export async function measureOffload(quick: boolean, share: number): Promise<Offloads> {
  return withCapped(chat, { replicas: REPLICAS, share }, async (capped) => {
    const lengthMs = quick ? 3_000 : 8_000;
    const rate = await rateThatKeepsBusy(capped, quick, share, lengthMs);
    const rounds: Offload[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round += 1) {
      for (const replicas of [0, REPLICAS]) {
        rounds.push(await measureOne(capped, { replicas, share, rate, lengthMs }));
      }
    }
    return { rate, share, rounds };
  });
}

/** The rate at which a primary that serves alone is as busy as it was: estimated, then corrected by what it was seen to use at that rate. */
async function rateThatKeepsBusy(capped: Capped, quick: boolean, share: number, lengthMs: number): Promise<number> {
  // A crowd of callers has the primary work harder for each of them than requests at a rate do.
  const estimate = (BUSY * share) / (await secondsOfRequest(capped, quick));
  const { load } = await measureOne(capped, { replicas: 0, share, rate: Math.max(1, Math.round(estimate)), lengthMs });
  return Math.max(1, Math.round((estimate * BUSY) / load));
}

/** CPU that a request takes of a primary that serves alone. */
function secondsOfRequest(capped: Capped, quick: boolean): Promise<number> {
  const request = (url: string) => (turn: number) => chat.request(url, turn);
  return withServer(chat, capped, 0, async (url, fleet) => {
    await asMany(request(url), CALLERS, 2_000);
    const before = primaryOf(capped, fleet).usedSeconds;
    const lengthMs = quick ? 2_000 : 4_000;
    const rate = await asMany(request(url), CALLERS, lengthMs);
    return (primaryOf(capped, fleet).usedSeconds - before) / ((rate * lengthMs) / 1_000);
  });
}

interface One {
  readonly replicas: number;
  readonly share: number;
  readonly rate: number;
  readonly lengthMs: number;
}

function measureOne(capped: Capped, { replicas, share, rate, lengthMs }: One): Promise<Offload> {
  return withServer(chat, capped, replicas, async (url, fleet) => {
    const request = (turn: number) => chat.request(url, turn);
    await atRate(request, rate, 1_500);
    const before = primaryOf(capped, fleet);
    const begin = performance.now();
    const inUse: number[] = [];
    const sampling = setInterval(() => {
      const pool = fleet.status().members.find(({ name }) => name === 'primary')?.pool;
      if (pool) inUse.push(pool.total - pool.idle);
    }, SAMPLE_MS);
    const met = await atRate(request, rate, lengthMs).finally(() => clearInterval(sampling));
    const seconds = (performance.now() - begin) / 1_000;
    const after = primaryOf(capped, fleet);
    return {
      ...met,
      replicas,
      readsPerSecond: (after.reads - before.reads) / seconds,
      connections: inUse.reduce((sum, each) => sum + each, 0) / inUse.length,
      load: (after.usedSeconds - before.usedSeconds) / seconds / share,
    };
  });
}
