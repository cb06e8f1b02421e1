/**
 * Prisma on a primary and two replicas: `npx tsx examples/orm/prisma.ts` starts them, shows where each thing runs, and ends.
 */
import { PrismaPg } from '@prisma/adapter-pg';
import { connect, type Fleet } from 'readfleet';
import { type LocalFleet, startLocalFleet } from 'readfleet/local';
import { withReplicas } from 'readfleet/prisma';
import { caughtUp, readsOf } from 'readfleet/testing';
import { PrismaClient } from './prisma/client';

const TABLES = `
  create table post (id serial primary key, title text not null, likes int not null default 0);
  create table reply (id serial primary key, text text not null, post_id int not null references post);
`;

async function main(): Promise<void> {
  const local = await startLocalFleet({ replicas: ['blue', 'green'] });
  await local.primary.query(TABLES);
  const fleet = await connect(local.contract, { maxStalenessMs: 5_000 });
  try {
    await tour(local, fleet);
  } finally {
    await fleet.close();
    await local.stop();
  }
}

async function tour(local: LocalFleet, fleet: Fleet): Promise<void> {
  // The one line: the pool that `open` is given stands where a connection string stood.
  const prisma = withReplicas(fleet, (pool) => new PrismaClient({ adapter: new PrismaPg(pool) }));

  await fleet.session(async () => {
    const data = { title: 'Replicas', replies: { create: [{ text: 'At last' }, { text: 'Are they new?' }] } };
    await shown(fleet, 'create with its relations', () => prisma.post.create({ data, include: { replies: true } }));
    const found = await prisma.post.findUnique({ where: { id: 1 } });
    console.log(`findUnique, in the session that created: ${found?.title}`);
  });

  await caughtUp(fleet);
  await shown(fleet, 'findMany with relations', () => prisma.post.findMany({ include: { replies: true } }));
  await shown(fleet, '$queryRaw', () => prisma.$queryRaw`select count(*)::int from post`);
  await shown(fleet, '$queryRaw for update', () => prisma.$queryRaw`select id from post for update`);
  await shown(fleet, 'update', () => prisma.post.update({ where: { id: 1 }, data: { likes: { increment: 1 } } }));
  await shown(fleet, '$transaction(work)', () =>
    prisma.$transaction(async (tx) => {
      const post = await tx.post.findFirst();
      await tx.post.update({ where: { id: post?.id ?? 0 }, data: { likes: { increment: 1 } } });
    }),
  );
  await shown(fleet, '$transaction([…])', () => prisma.$transaction([prisma.post.count(), prisma.post.findMany()]));
  await shown(fleet, '$primary()', () => prisma.$primary().post.findMany());
  await shown(fleet, '$replica()', () => prisma.$replica().post.findMany());

  // A part of the app that may read what is a minute old, and is switched off by its name.
  const reports = withReplicas(fleet, (pool) => new PrismaClient({ adapter: new PrismaPg(pool) }), {
    read: { endpoint: 'reports', maxStalenessMs: 60_000 },
  });
  await shown(fleet, 'report', () => reports.post.count());
  fleet.flags.disable('reports');
  await shown(fleet, 'report, switched off', () => reports.post.count());

  const reads = Array.from({ length: 50 }, () => prisma.post.findFirst());
  const [, ...found] = await Promise.all([local.replica('blue').kill(), ...reads]);
  console.log(`${found.length} reads while blue is killed: all answered`);

  await prisma.$disconnect(); // leaves the fleet open: whoever connected it closes it
}

/** Runs `work`, and says where its statements ran. */
async function shown(fleet: Fleet, what: string, work: () => Promise<unknown>): Promise<void> {
  const { statements } = await readsOf(fleet, async () => work());
  console.log(`${what}: ${[...new Set(statements.map(({ role }) => role))].join(' and ')}`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
