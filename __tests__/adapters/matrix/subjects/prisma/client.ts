import path from 'node:path';
import type { Pool } from 'pg';
import { SEQUENCE, type Subject, TABLE } from '../../subject';

/** What is asked of a generated client; its own types are there only once it was generated. */
export interface Client extends InTransaction {
  $transaction<T>(work: (tx: InTransaction) => Promise<T>): Promise<T>;
  $disconnect(): Promise<void>;
  // biome-ignore lint/suspicious/noExplicitAny: an extension is checked by the types of a generated client
  $extends(extension: any): Client;
}

interface InTransaction {
  readonly jotting: {
    create(args: { data: { body: string } }): Promise<{ id: bigint }>;
    findUnique(args: { where: { id: number } }): Promise<{ body: string } | null>;
  };
  $queryRawUnsafe(text: string, ...values: unknown[]): Promise<unknown>;
}

/** A client on the pool, of the client that `generateClient('jotting', …)` made for the versions of this process. */
export function open(pool: Pool): Client {
  const { PrismaPg } = require('@prisma/adapter-pg');
  // The subject is packed into `.readfleet/subjects`, and finds its client beside.
  const { PrismaClient } = require(path.join(__dirname, '..', 'prisma', 'jotting', 'client.cjs'));
  return new PrismaClient({ adapter: new PrismaPg(pool) });
}

/** What both subjects ask in the same words. */
export function asked(prisma: Client): Omit<Subject, 'fleet' | 'close'> {
  const create = async (body: string, on: InTransaction = prisma) =>
    Number((await on.jotting.create({ data: { body } })).id);
  const find = async (id: number, on: InTransaction = prisma) => (await on.jotting.findUnique({ where: { id } }))?.body;

  return {
    create,
    find,
    writeInCte: (body) =>
      prisma.$queryRawUnsafe(`with w as (insert into ${TABLE} (body) values ($1) returning id) select id from w`, body),
    lockingRead: (id) => prisma.$queryRawUnsafe(`select body from ${TABLE} where id = $1 for update`, id),
    nextval: () => prisma.$queryRawUnsafe(`select nextval('${SEQUENCE}')`),
    transaction: (body) => prisma.$transaction(async (tx) => find(await create(body, tx), tx)),
    async rolledBack(body) {
      const thrown = new Error('thrown by the app');
      const transaction = prisma.$transaction(async (tx) => {
        await create(body, tx);
        throw thrown;
      });
      await transaction.catch((error) => {
        if (error !== thrown) throw error;
      });
    },
    createThenFind: async (body) => find(await create(body)),
    slowRead: (seconds) =>
      prisma.$queryRawUnsafe(`select count(*), pg_sleep($1)::text from ${TABLE} where id > 0`, seconds),
  };
}
