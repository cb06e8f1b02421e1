import { Pool } from 'pg';
import type { Candidate, Server } from '../subject';
import { asked, type Database } from './kysely-asked';

/** Of the folder of lowest versions, on whose Kysely it stands: from here nothing resolves it. */
const REPLICATION = 'kysely-replication';

/** `kysely-replication`, as its guide sets it up. */
export const candidate: Candidate = {
  async open({ primary, replicas }) {
    const { Kysely, PostgresDialect } = await import('kysely');
    const { KyselyReplicationDialect } = require(REPLICATION);
    const { RoundRobinReplicaStrategy } = require(`${REPLICATION}/strategy/round-robin`);

    const dialect = (server: Server) => {
      const pool = new Pool(server);
      // Kysely listens for neither. Without them a connection that breaks ends the process, and each row of the table would say so.
      pool.on('error', () => undefined);
      pool.on('connect', (client) => client.on('error', () => undefined));
      return new PostgresDialect({ pool });
    };
    const db = new Kysely<Database>({
      dialect: new KyselyReplicationDialect({
        primaryDialect: dialect(primary),
        replicaDialects: replicas.map(dialect),
        replicaStrategy: new RoundRobinReplicaStrategy({ onTransaction: 'error' }),
      }),
    });
    return { ...(await asked(db)), close: () => db.destroy() };
  },
};
