import type { Fleet } from 'readfleet';
import { keyset, type Page, type PageRequest } from 'readfleet/paging';

export interface Message {
  /** A bigint is a text to `pg`. */
  readonly id: string;
  readonly author_id: string;
  readonly body: string;
  readonly created_at: Date;
}

/** Signs cursors; the same in every process of an app. */
const CURSOR_SECRET = process.env.CURSOR_SECRET ?? 'not a secret, but long enough';

const newest = keyset({
  name: 'message.history',
  orderBy: [{ column: 'created_at', direction: 'desc' }],
  unique: 'id',
  secret: CURSOR_SECRET,
  maxPageSize: 200,
});

/** Messages of a conversation, and how they are sent. */
export class Messages {
  constructor(private readonly fleet: Fleet) {}

  /** The newest first; none for who is no member. Page 1000 costs what page 1 costs. */
  history(me: string, conversation: string, page: PageRequest): Promise<Page<Message>> {
    return newest.query<Message>(this.fleet, {
      text: ({ key, where, orderBy, limit }) =>
        `select id, author_id, body, created_at, ${key} from message
         where conversation_id = $1 and ${where}
           and exists (select from member where member.conversation_id = $1 and person_id = $2)
         ${orderBy} ${limit}`,
      values: [conversation, me],
      ...page,
      // The key keeps a person on one side of a rollout: a history that is new on one click and older on the next looks broken.
      read: { endpoint: 'message.history', rolloutKey: me },
    });
  }

  /**
   * The last message.
   *
   * @param fresh whatever anybody has sent by now, also in other sessions: from the primary
   */
  async latest(me: string, conversation: string, fresh: boolean): Promise<Message | undefined> {
    const { rows } = await this.fleet.query<Message & { id: string }>(
      `select id, author_id, body, created_at from message
       where conversation_id = $1 and exists (select from member where member.conversation_id = $1 and person_id = $2)
       order by created_at desc, id desc limit 1`,
      [conversation, me],
      { endpoint: 'message.latest', rolloutKey: me, ...(fresh && { consistency: 'strong' }) },
    );
    return rows[0];
  }

  /** Undefined for who is no member. */
  send(me: string, conversation: string, body: string): Promise<Message | undefined> {
    return this.fleet.transaction(async (transaction) => {
      // One after the other in a conversation: else two senders could wait for each other's rows of members.
      const { rowCount } = await transaction.query(
        `select from conversation where id = $1
           and exists (select from member where conversation_id = $1 and person_id = $2) for update`,
        [conversation, me],
      );
      if (rowCount === 0) return undefined;
      const { rows } = await transaction.query<Message & { id: string }>(
        `insert into message (conversation_id, author_id, body) values ($1, $2, $3)
         returning id, author_id, body, created_at`,
        [conversation, me, body],
      );
      await transaction.query('update member set latest_at = $2 where conversation_id = $1', [
        conversation,
        rows[0]?.created_at,
      ]);
      return rows[0];
    });
  }
}
