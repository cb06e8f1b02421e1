/**
 * A list of conversations with what each has unread, and its latest message: one statement for each conversation, or one for all of them.
 *
 *   npx tsx bench/batch.ts [rounds]
 *
 * On a replica of a local fleet: first as it is, where a round trip costs next to nothing, then with a network of 1 ms in each direction between. Rounds are
 * interleaved; the tables show medians, and ratios of the same round. What is batched is compared with what single statements say.
 */
import { batch } from '../data/batch';
import type { Fleet } from '../lib';
import type { LocalFleet } from '../local';
import { machine } from './figures';
import { median } from './measure';
import { MESSAGES, ms, timed, withMessages } from './messages';
import { markdown } from './table';

const SIZES = [10, 100, 1_000];
/** What users of such a system wrote down, in milliseconds: one after the other, and batched. */
const CLAIMED: Readonly<Record<number, readonly [single: string, batched: string]>> = {
  10: ['50', '10'],
  100: ['500', '15'],
  1000: ['5000', '50'],
};
const rounds = Number(process.argv[2] ?? 3);

const HEADER = [
  'conversations',
  'claimed: N+1',
  'claimed: batched',
  'N+1, one by one',
  'N+1, all at once',
  'batched',
  'one by one / batched',
];

const MESSAGE = { from: 'message', by: 'conversation_id', type: 'int' };
const UNREAD = 'select count(*)::int as n from message where conversation_id = $1 and read_at is null';
const LATEST = 'select id from message where conversation_id = $1 order by created_at desc, id desc limit 1';

/** Answers for all conversations, in their order. */
type Ask = (conversations: readonly number[]) => Promise<readonly unknown[]>;

interface Question {
  readonly title: string;
  readonly one: (conversation: number) => Promise<unknown>;
  readonly all: Ask;
}

function questions(fleet: Fleet): readonly Question[] {
  const made = batch(fleet);
  const unread = made.counts<number>({ ...MESSAGE, where: 'read_at is null' });
  const latest = made.latest<{ id: string }, number>({
    ...MESSAGE,
    select: ['id'],
    orderBy: [
      { column: 'created_at', direction: 'desc' },
      { column: 'id', direction: 'desc' },
    ],
  });
  return [
    {
      title: 'Unread messages of each conversation',
      one: async (conversation) => (await fleet.query<{ n: number }>(UNREAD, [conversation])).rows[0]?.n,
      all: (conversations) => Promise.all(conversations.map((conversation) => unread.load(conversation))),
    },
    {
      title: 'Latest message of each conversation',
      one: async (conversation) => (await fleet.query(LATEST, [conversation])).rows[0],
      all: (conversations) => Promise.all(conversations.map((conversation) => latest.load(conversation))),
    },
  ];
}

async function oneByOne(question: Question, conversations: readonly number[]): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const conversation of conversations) answers.push(await question.one(conversation));
  return answers;
}

async function main(): Promise<void> {
  for (const delayMs of [0, 1]) await withMessages((fleet, local) => tables(fleet, local, delayMs), delayMs);
}

async function tables(fleet: Fleet, local: LocalFleet, delayMs: number): Promise<void> {
  const roundTrips: number[] = [];
  for (let turn = 0; turn < 200; turn += 1) roundTrips.push(await timed(() => fleet.query('select 1')));
  const network = delayMs > 0 ? `${delayMs} ms of network in each direction` : 'no network between';
  console.log(
    `\n${machine(local.version)} ${MESSAGES} messages; ${rounds} rounds; ${network}: \`select 1\` takes ${median(roundTrips).toFixed(1)} ms.`,
  );
  for (const question of questions(fleet)) {
    const rows: string[][] = [];
    for (const size of SIZES) rows.push(await row(question, size));
    console.log(`\n### ${question.title}, ms\n\n${markdown({ header: HEADER, rows })}`);
  }
}

async function row(question: Question, size: number): Promise<string[]> {
  const conversations = Array.from({ length: size }, (_, place) => place + 1);
  const asks: readonly Ask[] = [
    (some) => oneByOne(question, some),
    (some) => Promise.all(some.map((conversation) => question.one(conversation))),
    question.all,
  ];
  const [expected, ...others] = await Promise.all(asks.map(async (ask) => JSON.stringify(await ask(conversations))));
  if (others.some((answer) => answer !== expected))
    throw new Error('a batch says something else than single statements');
  const times = asks.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, ask] of asks.entries()) times[place]?.push(await timed(() => ask(conversations)));
  }
  const [single = [], , batched = []] = times;
  const ratio = median(single.map((time, round) => time / (batched[round] ?? Number.NaN)));
  return [String(size), ...(CLAIMED[size] ?? []), ...times.map((time) => ms(median(time))), `${ratio.toFixed(0)} ×`];
}

void main();
