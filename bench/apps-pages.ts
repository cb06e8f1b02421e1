import { chat, prepareChat } from '../examples/apps/chat/app';
import { conversationList, historyPage, type Pair } from '../examples/apps/chat/figures';
import { connect } from '../lib';
import { startLocalFleet } from '../local';
import { median } from './measure';
import { timed } from './messages';

/** Medians in milliseconds, and of the ratio in each round. */
export interface Compared {
  readonly what: string;
  readonly naiveMs: number;
  readonly oursMs: number;
  readonly times: number;
}

export interface PagesAndLists {
  /** Of PostgreSQL. */
  readonly version: string;
  /** Pages 1, 10, 100 and 1000 of a history. */
  readonly pages: readonly Compared[];
  /** Lists of 10, 100 and 1000 conversations, without a network and with one. */
  readonly lists: readonly Compared[];
  readonly distantLists: readonly Compared[];
}

const PAGES = [1, 10, 100, 1_000];
const LISTS = [10, 100, 1_000];
/** Each way, as between two zones. */
const NETWORK_MS = 1;

/** How the chat pages and lists, beside what it replaces, on a replica. */
export async function measurePages(quick: boolean): Promise<PagesAndLists> {
  const local = await startLocalFleet({ replicas: 1, network: true, parameters: { shared_buffers: '128MB' } });
  try {
    const fleet = await connect(local.contract, { ...chat.options, maxStalenessMs: Number.POSITIVE_INFINITY });
    try {
      await prepareChat(fleet);
      const pages: Compared[] = [];
      for (const page of PAGES) pages.push(await compare(await historyPage(fleet, page), quick ? 7 : 51));
      const lists = async (rounds: number) => {
        const found: Compared[] = [];
        for (const size of LISTS) found.push(await compare(conversationList(fleet, size), rounds));
        return found;
      };
      const near = await lists(quick ? 1 : 5);
      for (const { network } of local.replicas) network.delay(NETWORK_MS);
      return { version: local.version, pages, lists: near, distantLists: await lists(quick ? 1 : 2) };
    } finally {
      await fleet.close();
    }
  } finally {
    await local.stop();
  }
}

/** Rounds are interleaved; each answer of ours is compared with that of the other. */
async function compare({ what, naive, ours }: Pair, rounds: number): Promise<Compared> {
  await ours();
  const times: { naive: number; ours: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    let answers: unknown[] = [];
    const naiveMs = await timed(async () => {
      answers = [await naive()];
    });
    const oursMs = await timed(async () => {
      answers.push(await ours());
    });
    const [theirs, own] = answers.map((answer) => JSON.stringify(answer));
    if (theirs !== own) throw new Error(`${what}: the app answers something else than what it replaces`);
    times.push({ naive: naiveMs, ours: oursMs });
  }
  return {
    what,
    naiveMs: median(times.map((time) => time.naive)),
    oursMs: median(times.map((time) => time.ours)),
    times: median(times.map((time) => time.naive / time.ours)),
  };
}
