import type { Fleet } from 'readfleet';
import { Conversations } from './conversations';
import { Messages } from './messages';

/** Who is a member of every conversation, and the conversation with many messages. */
const ME = '1';
const LONG = '1';
const SIZE = 50;

/** Something to be timed, beside what it replaces; both give the same, which is compared. */
export interface Pair {
  readonly what: string;
  readonly naive: () => Promise<unknown>;
  readonly ours: () => Promise<unknown>;
}

/** A page of the history by OFFSET, and as the app reads it. */
export async function historyPage(fleet: Fleet, page: number): Promise<Pair> {
  const messages = new Messages(fleet);
  const offset = (page - 1) * SIZE;
  const after = await cursorBefore(messages, offset);
  return {
    what: `page ${page}`,
    naive: async () => {
      const { rows } = await fleet.query<{ id: string }>(
        `select id, author_id, body, created_at from message where conversation_id = $1
           and exists (select from member where member.conversation_id = $1 and person_id = $2)
         order by created_at desc, id desc limit $3 offset $4`,
        [LONG, ME, SIZE, offset],
        { endpoint: 'message.history', rolloutKey: ME },
      );
      return rows.map(({ id }) => id);
    },
    ours: async () => (await messages.history(ME, LONG, { first: SIZE, after })).rows.map(({ id }) => id),
  };
}

/** Walks there, as a reader would: a cursor cannot be made up. */
async function cursorBefore(messages: Messages, place: number): Promise<string | null> {
  let after: string | null = null;
  for (let left = place; left > 0; left -= 200) {
    const { pageInfo } = await messages.history(ME, LONG, { first: Math.min(left, 200), after });
    after = pageInfo.endCursor;
  }
  return after;
}

/** A list of conversations that asks for each of them, one after the other, and as the app reads it. */
export function conversationList(fleet: Fleet, size: number): Pair {
  const list = async () => (await new Conversations(fleet).list(ME, { first: size })).conversations;
  const read = { endpoint: 'conversation.list', rolloutKey: ME };
  const one = async <Found extends object>(text: string, values: unknown[]) =>
    (await fleet.query<Found & { [name: string]: unknown }>(text, values, read)).rows[0] as Found | undefined;
  return {
    what: `${size} conversations`,
    naive: async () => {
      const found: object[] = [];
      const { rows } = await fleet.query<{ id: string }>(
        `select conversation_id as id, title, latest_at from member join conversation on conversation.id = conversation_id
         where person_id = $1 order by latest_at desc, conversation_id desc limit $2`,
        [ME, size],
        read,
      );
      for (const row of rows) {
        const unread = await one<{ n: number }>(
          'select count(*)::int as n from unread where conversation_id = $1 and person_id = $2',
          [row.id, ME],
        );
        const members = await one<{ n: number }>('select count(*)::int as n from member where conversation_id = $1', [
          row.id,
        ]);
        const latest = await one(
          'select author_id, body from message where conversation_id = $1 order by created_at desc, id desc limit 1',
          [row.id],
        );
        found.push({ ...row, unread: unread?.n, members: members?.n, latest });
      }
      return found;
    },
    ours: list,
  };
}

export async function chatFigures(fleet: Fleet): Promise<string> {
  const lines = [`${''.padEnd(22)}${'OFFSET ms'.padStart(14)}${'keyset ms'.padStart(14)}`];
  for (const page of [1, 10, 100, 1_000]) lines.push(await line(await historyPage(fleet, page), 20));
  lines.push('', `${''.padEnd(22)}${'N+1 ms'.padStart(14)}${'batched ms'.padStart(14)}`);
  for (const size of [10, 100, 1_000]) lines.push(await line(conversationList(fleet, size), 3));
  return `${lines.join('\n')}\n`;
}

async function line({ what, naive, ours }: Pair, rounds: number): Promise<string> {
  if (JSON.stringify(await naive()) !== JSON.stringify(await ours())) throw new Error(`${what}: answers differ`);
  const times = [naive, ours].map(() => [] as number[]);
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, work] of [naive, ours].entries()) {
      const started = performance.now();
      await work();
      times[place]?.push(performance.now() - started);
    }
  }
  const middle = times.map((of) => of.sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? Number.NaN);
  return what.padEnd(22) + middle.map((ms) => ms.toFixed(1).padStart(14)).join('');
}
