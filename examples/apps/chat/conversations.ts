import type { Fleet } from 'readfleet';
import { batch } from 'readfleet/batch';
import { keyset, type PageInfo, type PageRequest } from 'readfleet/paging';

interface Listed {
  readonly id: string;
  readonly title: string;
  readonly latest_at: Date;
}

interface Preview {
  readonly author_id: string;
  readonly body: string;
}

export interface Conversation extends Listed {
  readonly unread: number;
  readonly members: number;
  readonly latest: Preview | undefined;
}

const lately = keyset({
  name: 'conversation.list',
  orderBy: [{ column: 'latest_at', direction: 'desc' }],
  unique: 'conversation_id',
  secret: process.env.CURSOR_SECRET ?? 'not a secret, but long enough',
});

/** The conversations of a person. */
export class Conversations {
  constructor(private readonly fleet: Fleet) {}

  /** Those with the latest messages first. Four statements, however many conversations there are. */
  async list(me: string, page: PageRequest): Promise<{ conversations: Conversation[]; pageInfo: PageInfo }> {
    const { rows, pageInfo } = await this.page(me, page);
    const { unread, members, latest } = this.loaders(me);
    const conversations = rows.map(async (one) => {
      const of = await Promise.all([unread.load(one.id), members.load(one.id), latest.load(one.id)]);
      return { ...one, unread: of[0], members: of[1], latest: of[2] };
    });
    return { conversations: await Promise.all(conversations), pageInfo };
  }

  /** How many messages wait for a person: the badge. Its endpoint is `strong`, since a count that lags annoys. */
  async unread(me: string): Promise<number> {
    const { rows } = await this.fleet.query<{ n: number }>(
      'select count(*)::int as n from unread where person_id = $1',
      [me],
      { endpoint: 'unread.counter' },
    );
    return rows[0]?.n ?? 0;
  }

  /** False for who is no member. Never goes back. */
  async markAsRead(me: string, conversation: string, message: string): Promise<boolean> {
    const { rowCount } = await this.fleet.query(
      'update member set read_up_to = greatest(read_up_to, $3) where conversation_id = $1 and person_id = $2',
      [conversation, me, message],
    );
    return rowCount === 1;
  }

  private page(me: string, page: PageRequest) {
    return lately.query<Listed & { id: string }>(this.fleet, {
      text: ({ key, where, orderBy, limit }) =>
        `select conversation_id as id, title, latest_at, ${key}
         from member join conversation on conversation.id = conversation_id
         where person_id = $1 and ${where} ${orderBy} ${limit}`,
      values: [me],
      ...page,
      read: { endpoint: 'conversation.list', rolloutKey: me },
    });
  }

  /** What is asked for each conversation goes out as one statement for all of them. Made for one request: counts are one person's. */
  private loaders(me: string) {
    const list = batch(this.fleet, { read: { endpoint: 'conversation.list', rolloutKey: me } });
    const ofConversation = { by: 'conversation_id', type: 'bigint' };
    return {
      unread: list.counts<string>({ ...ofConversation, from: 'unread', where: 'person_id = $1', values: [me] }),
      members: list.counts<string>({ ...ofConversation, from: 'member' }),
      latest: list.latest<Preview, string>({
        ...ofConversation,
        from: 'message',
        select: ['author_id', 'body'],
        orderBy: [
          { column: 'created_at', direction: 'desc' },
          { column: 'id', direction: 'desc' },
        ],
      }),
    };
  }
}
