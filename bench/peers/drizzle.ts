import { eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, text, withReplicas } from 'drizzle-orm/pg-core';
import { Pool } from 'pg';
import { type Address, type Candidate, poolConfig, type Router, type Target } from './peer';

const note = pgTable('note', { id: integer(), body: text() });
const slowNote = pgTable('slow_note', { id: integer(), body: text() });
const visit = pgTable('visit', { id: integer().generatedAlwaysAsIdentity(), what: text() });

export const candidate: Candidate = {
  label: 'Drizzle withReplicas',
  how: '`db.select({ id, body }).from(note).where(eq(note.id, id))`: `db.execute` asks the primary only',
  async open(target: Target): Promise<Router> {
    const pools: Pool[] = [];
    const connected = (address: Address) => {
      const pool = new Pool(poolConfig(target, address));
      // Without a listener the loss of an idle connection ends the process: every guide says to add one.
      pool.on('error', () => undefined);
      pools.push(pool);
      return drizzle(pool);
    };
    const primary = connected(target.primary);
    const [first, ...others] = target.replicas.map(connected);
    if (!first) throw new Error('withReplicas() needs a replica.');
    const db = withReplicas(primary, [first, ...others]);

    return {
      read: async (id) => db.select({ id: note.id, body: note.body }).from(note).where(eq(note.id, id)),
      slowRead: async (id) =>
        db.select({ id: slowNote.id, body: slowNote.body }).from(slowNote).where(eq(slowNote.id, id)),
      body: (result) => (result as { body: string }[])[0]?.body,
      // Asynchronous each, so that what a builder throws is told as a rejection, and what it returns is run.
      statements: {
        'plain read': async () => db.select({ id: note.id }).from(note).where(eq(note.id, 1)),
        'write CTE': async () => {
          const w = db.$with('w').as(db.insert(visit).values({ what: 'cte' }).returning({ id: visit.id }));
          return db.with(w).select({ id: w.id }).from(w);
        },
        'FOR UPDATE': async () => db.select({ id: note.id }).from(note).where(eq(note.id, 1)).for('update'),
        nextval: async () => db.select({ id: sql`nextval('ticket')` }).from(sql`(select) one`),
        'advisory lock': async () => db.select({ lock: sql`pg_advisory_lock(1)` }).from(sql`(select) one`),
        'writing function': async () => db.select({ id: sql`record_visit()` }).from(sql`(select) one`),
      },
      async close() {
        await Promise.all(pools.map((pool) => pool.end()));
      },
    };
  },
};
