import { connect } from 'readfleet';
import { kyselyPool } from 'readfleet/kysely';
import { FAST } from '../fast';
import type { Candidate } from '../subject';
import { asked, type Database } from './kysely-asked';

/** `PostgresDialect`, with a fleet for its pool. */
export const candidate: Candidate = {
  async open({ contract }) {
    const { Kysely, PostgresDialect } = await import('kysely');
    const fleet = await connect(contract, FAST);
    const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: kyselyPool(fleet) }) });
    const methods = await asked(db);
    return {
      ...methods,
      fleet,
      createThenFind: (body) => fleet.session(() => methods.createThenFind(body)),
      async close() {
        await db.destroy();
        await fleet.close();
      },
    };
  },
};
