import { drizzle } from 'drizzle-orm/node-postgres';
import { withReplicas } from 'drizzle-orm/pg-core';
import { Pool } from 'pg';
import type { Candidate, Server } from '../subject';
import { asked, jotting } from './drizzle-table';

/** Drizzle's own `withReplicas`, as its guide has it; replicas in turn, so that each run sees the same. */
export const candidate: Candidate = {
  async open({ primary, replicas }) {
    const pools: Pool[] = [];
    const on = (server: Server) => {
      const pool = new Pool(server);
      // Without a listener the loss of an idle connection ends the process.
      pool.on('error', () => undefined);
      pools.push(pool);
      return drizzle({ client: pool, schema: { jotting } });
    };
    const [first, ...others] = replicas.map(on);
    if (!first) throw new Error('there are no replicas');
    let turn = 0;
    const db = withReplicas(on(primary), [first, ...others], (all) => {
      turn += 1;
      return all[turn % all.length] ?? first;
    });
    return {
      ...asked(db),
      async close() {
        await Promise.all(pools.map((pool) => pool.end()));
      },
    };
  },
};
