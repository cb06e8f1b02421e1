/**
 * Pages 1, 10, 100 and 1000 of a conversation by keyset and by OFFSET, on a replica of a local fleet.
 *
 *   npx tsx bench/paging.ts [rounds]
 *
 * Rounds are interleaved: each candidate reads each page once a round, by `fleet.query`; the table shows medians, and ratios of the same round. Each answer is
 * compared with that of OFFSET.
 */
import { KEY, type KeyColumn, type Keyset, keyset, type PageText } from '../data/paging';
import type { Fleet } from '../lib';
import { machine } from './figures';
import { median } from './measure';
import { LONG, MESSAGES, ms, timed, withMessages } from './messages';
import { markdown } from './table';

const SIZE = 50;
const PAGES = [1, 10, 100, 1_000];
/** What users of such a system wrote down, in milliseconds. */
const CLAIMED: Readonly<Record<number, readonly [offset: string, keyset: string]>> = {
  1: ['5', '5'],
  10: ['25', '5'],
  100: ['500', '5'],
  1000: ['> 5000', '5'],
};
const WARM_UP = 20;
const rounds = Number(process.argv[2] ?? 21);

const ORDERS: readonly (readonly [title: string, orderBy: readonly KeyColumn[], sql: string])[] = [
  ['created_at desc, id desc', [{ column: 'created_at', direction: 'desc' }], 'created_at desc, id desc'],
  [
    'priority asc, created_at desc, id desc (three priorities)',
    [{ column: 'priority' }, { column: 'created_at', direction: 'desc' }],
    'priority, created_at desc, id desc',
  ],
];

interface Found {
  readonly id: string;
}

/** Reads a page; gives the numbers of its messages. */
type Read = () => Promise<readonly string[]>;

const text: PageText = ({ key, where, orderBy, limit }) =>
  `select id, body, created_at, ${key} from message where conversation_id = $1 and ${where} ${orderBy} ${limit}`;

async function main(): Promise<void> {
  await withMessages(async (fleet, local) => {
    console.log(
      `${machine(local.version)} ${MESSAGES} messages, ${LONG} of them in the conversation; ${SIZE} a page; ${rounds} rounds.`,
    );
    for (const [title, orderBy, sql] of ORDERS) {
      const pages = keyset({ orderBy, unique: 'id', secret: 'a secret of the bench', maxPageSize: LONG });
      const rows: string[][] = [];
      for (const page of PAGES) rows.push(await row(page, await candidates(fleet, pages, sql, page)));
      const header = [
        'page',
        'claimed: OFFSET',
        'claimed: keyset',
        'OFFSET',
        'keyset in one condition',
        'keyset',
        'OFFSET / keyset',
      ];
      console.log(`\n### ${title}, ms\n\n${markdown({ header, rows })}`);
    }
  });
}

async function candidates(fleet: Fleet, pages: Keyset, sql: string, page: number): Promise<readonly Read[]> {
  const after = page === 1 ? undefined : await cursorAt(fleet, pages, (page - 1) * SIZE);
  const request = { first: SIZE, after };
  const offset = `select id, body, created_at from message where conversation_id = $1 order by ${sql} limit ${SIZE} offset ${(page - 1) * SIZE}`;
  const idsOf = (rows: readonly Found[]) => rows.map(({ id }) => id);
  return [
    async () => idsOf((await fleet.query<Found>(offset, [0])).rows),
    // What query builders get: the stretches joined by OR.
    async () => {
      const values: unknown[] = [0];
      const tag = (strings: TemplateStringsArray, ...inner: unknown[]) =>
        strings.reduce((made, string, place) => `${made}$${values.push(inner[place - 1])}${string}`);
      const { key, where, orderBy, limit } = pages.parts(tag, request);
      const made = `select id, body, created_at, ${key} as ${KEY} from message where conversation_id = $1 and ${where} order by ${orderBy} limit ${limit}`;
      const { rows } = await fleet.query<Found & { [KEY]: string }>(made, values);
      return idsOf(pages.page(rows, request).rows as readonly Found[]);
    },
    async () => idsOf((await pages.query<Found>(fleet, { text, values: [0], ...request })).rows),
  ];
}

/** The cursor of the message that has so many before it, itself included. */
async function cursorAt(fleet: Fleet, pages: Keyset, place: number): Promise<string | null> {
  const { text: sql, values } = pages.statement({ text, values: [0], first: place });
  return pages.page((await fleet.query(sql, values)).rows, { first: place }).pageInfo.endCursor;
}

async function row(page: number, reads: readonly Read[]): Promise<string[]> {
  const [expected = [], ...others] = await Promise.all(reads.map((read) => read()));
  for (const found of others) {
    if (found.length !== SIZE || found.join() !== expected.join())
      throw new Error(`page ${page} is not the one that OFFSET reads`);
  }
  for (let turn = 0; turn < WARM_UP; turn += 1) for (const read of reads) await read();
  const times = reads.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, read] of reads.entries()) times[place]?.push(await timed(read));
  }
  const [byOffset = [], , byKeyset = []] = times;
  const ratio = median(byOffset.map((time, round) => time / (byKeyset[round] ?? Number.NaN)));
  return [String(page), ...(CLAIMED[page] ?? []), ...times.map((time) => ms(median(time))), `${ratio.toFixed(1)} ×`];
}

void main();
