import { connect } from 'readfleet';
import { withReplicas } from 'readfleet/prisma';
import { FAST } from '../fast';
import type { Candidate } from '../subject';
import { asked, open } from './prisma/client';

/** Prisma's adapter for `pg` over `fleet.pool`. */
export const candidate: Candidate = {
  async open({ contract }) {
    const fleet = await connect(contract, FAST);
    const prisma = withReplicas(fleet, open);
    const methods = asked(prisma);
    return {
      ...methods,
      fleet,
      createThenFind: (body) => fleet.session(() => methods.createThenFind(body)),
      async close() {
        await prisma.$disconnect();
        await fleet.close();
      },
    };
  },
};
