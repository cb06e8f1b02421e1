import { parseLsn } from '../../../lib/lag/lsn';
import type { Sighting } from '../../../lib/lag/sighting';
import { streaming } from '../../../lib/lag/streaming';
import { type LocalFleet, type LocalMember, startLocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';

let local: LocalFleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
});

afterAll(() => local?.stop());

async function ask(member: LocalMember): Promise<Sighting> {
  const [row] = await member.query(streaming.sql);
  return streaming.toSighting(row ?? {}, 7);
}

test('a primary tells where it writes, and on which timeline', async () => {
  const before = await ask(local.primary);
  await local.primary.query('create table written (n int)');
  const after = await ask(local.primary);
  expect(after).toMatchObject({ at: 7, recovering: false, receiving: false, timeline: 1 });
  expect((after.lsn ?? 0n) > (before.lsn ?? 0n)).toBe(true);
});

test('a standby tells what it has replayed, that it receives, and from which timeline; its age is for others to know', async () => {
  const [row] = await local.primary.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn');
  const target = parseLsn(row?.lsn ?? '');
  await eventually(async () => ((await ask(local.replica('blue'))).lsn ?? 0n) >= target);
  const blue = await ask(local.replica('blue'));
  expect(blue).toMatchObject({ recovering: true, receiving: true, timeline: 1 });
  expect(blue.ageMs).toBeUndefined();
});

test('a standby that was promoted is out of recovery, on a timeline of its own', async () => {
  await local.replica('green').promote();
  expect(await ask(local.replica('green'))).toMatchObject({ recovering: false, timeline: 2 });
});

test('what a standby does not know, or may not tell, is not known', () => {
  expect(streaming.toSighting({ recovering: true, lsn: null, receiving: false, timeline: null }, 7)).toEqual({
    at: 7,
    recovering: true,
    lsn: undefined,
    receiving: false,
    timeline: undefined,
  });
});
