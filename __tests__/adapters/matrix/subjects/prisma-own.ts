import { Pool } from 'pg';
import type { Candidate, Server } from '../subject';
import { asked, open } from './prisma/client';

/** `@prisma/extension-read-replicas`, as its README has it: a client for each server, and replicas by chance. */
export const candidate: Candidate = {
  async open({ primary, replicas }) {
    const { readReplicas } = require('@prisma/extension-read-replicas');
    const pools: Pool[] = [];
    const on = (server: Server) => {
      const pool = new Pool(server);
      pools.push(pool);
      return open(pool);
    };
    const prisma = on(primary).$extends(readReplicas({ replicas: replicas.map(on) }));
    return {
      ...asked(prisma),
      async close() {
        await prisma.$disconnect();
        await Promise.all(pools.map((pool) => pool.end()));
      },
    };
  },
};
