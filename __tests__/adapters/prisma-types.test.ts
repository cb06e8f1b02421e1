import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generated } from './prisma-stage';

const ROOT = path.join(__dirname, '..', '..');

/** What an app writes, with the types that Prisma generated. `lacks` names each thing that must not pass. */
const APP = `
import { PrismaPg } from '@prisma/adapter-pg';
import type { Fleet } from 'readfleet';
import { type OnFleet, withReplicas } from 'readfleet/prisma';
import { PrismaClient } from './generated/client';

export async function app(fleet: Fleet): Promise<string[]> {
  const prisma = withReplicas(fleet, (pool) => new PrismaClient({ adapter: new PrismaPg(pool, { schema: 'public' }) }));
  const same: PrismaClient & OnFleet<PrismaClient> = prisma;
  const authors = await same.author.findMany({ where: { notes: { some: { body: 'x' } } }, include: { notes: true } });
  const bodies: string[] = authors.flatMap(({ notes }) => notes.map(({ body }) => body));
  const counted: number = await prisma.$primary().author.count();
  const one = await prisma.$replica().author.findUniqueOrThrow({ where: { name: 'x' }, select: { id: true } });
  const created = await fleet.session(() => prisma.author.create({ data: { name: 'x' } }));
  const [first, second] = await prisma.$transaction([prisma.author.count(), prisma.note.findFirst()]);
  await prisma.$transaction((tx) => tx.author.update({ where: { id: first }, data: { name: second?.body } }));
  const extended = withReplicas(fleet, (pool) =>
    new PrismaClient({ adapter: new PrismaPg(pool) }).$extends({
      result: { author: { loud: { needs: { name: true }, compute: ({ name }) => name.toUpperCase() } } },
    }),
  );
  const loud: string | undefined = (await extended.$primary().author.findFirst())?.loud;
  // @ts-expect-error lacks a column
  await prisma.$primary().author.create({ data: {} });
  // @ts-expect-error lacks such a table
  await prisma.$replica().nothing.findMany();
  // @ts-expect-error lacks what was not selected
  one.name;
  // @ts-expect-error lacks such a default
  withReplicas(fleet, (pool) => new PrismaClient({ adapter: new PrismaPg(pool) }), { defaultReads: 'slave' });
  return [...bodies, String(counted), created.name, loud ?? ''];
}
`;

test('the types of a generated client are kept, by `$primary()`, `$replica()` and extensions too', () => {
  const home = mkdtempSync(path.join(path.dirname(generated().sources), 'types-'));
  try {
    writeFileSync(path.join(home, 'app.ts'), APP.replace('./generated', '../generated'));
    const config = {
      extends: path.join(ROOT, 'tsconfig.json'),
      compilerOptions: { types: ['node'] },
      files: ['app.ts'],
    };
    writeFileSync(path.join(home, 'tsconfig.json'), JSON.stringify(config));
    const { status, stdout } = spawnSync(path.join(ROOT, 'node_modules', '.bin', 'tsc'), ['--noEmit', '-p', home], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  } finally {
    rmSync(home, { recursive: true });
  }
});
