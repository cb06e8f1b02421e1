import { drizzle } from 'drizzle-orm/node-postgres';
import { connect } from 'readfleet';
import { withReplicas } from 'readfleet/drizzle';
import { FAST } from '../fast';
import type { Candidate } from '../subject';
import { asked, jotting } from './drizzle-table';

/** Drizzle with `fleet.pool` for its client. */
export const candidate: Candidate = {
  async open({ contract }) {
    const fleet = await connect(contract, FAST);
    const db = withReplicas(fleet, (client) => drizzle({ client, schema: { jotting } }));
    const methods = asked(db);
    return {
      ...methods,
      fleet,
      createThenFind: (body) => fleet.session(() => methods.createThenFind(body)),
      async close() {
        await db.$client.end();
        await fleet.close();
      },
    };
  },
};
