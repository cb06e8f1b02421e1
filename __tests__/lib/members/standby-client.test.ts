import { type ConnectOptions, connect, type Fleet } from '../../../lib';
import { promotedError } from '../../../lib/members/standby-client';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { replicated } from '../../support/activity';
import { memberOf, times } from '../../support/counts';
import { eventually } from '../../support/eventually';

let local: LocalFleet;
let fleet: Fleet;

beforeEach(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
  await local.primary.query('create table note (body text)');
  await local.primary.query(`insert into note values ('common')`);
  await replicated(local.primary, local.replicas);
});

afterEach(async () => {
  await fleet?.close();
  await local?.stop();
});

/** Looks at its members once, when it is connected: whatever happens then, no watch sees it. */
function connectBlindly(readers: readonly string[] = ['blue', 'green'], options: ConnectOptions = {}): Promise<Fleet> {
  const { contract } = local;
  return connect(
    { ...contract, readers: contract.readers.filter(({ name }) => readers.includes(name)) },
    {
      lag: { pollMs: 600_000 },
      maxStalenessMs: Number.POSITIVE_INFINITY,
      balancer: 'round-robin',
      failover: { silenceMs: 600_000 },
      ...options,
    },
  );
}

/** Blue goes its own way, and somebody writes there. */
async function diverge(): Promise<void> {
  await local.replica('blue').promote();
  await local.replica('blue').query(`insert into note values ('divergent')`);
}

const NOTES = 'select body from note order by body';
const COMMON = [{ body: 'common' }];

test('no read returns what only a promoted replica has, though its sessions were opened on a standby and nobody looked', async () => {
  fleet = await connectBlindly();
  await times(4, () => fleet.query(NOTES));
  expect(memberOf(fleet, 'blue').reads).toBe(2);
  await diverge();
  await times(20, async () => expect((await fleet.query(NOTES)).rows).toEqual(COMMON));
  expect(memberOf(fleet, 'blue').reads).toBe(2);
  expect(memberOf(fleet, 'green').reads).toBeGreaterThan(10);
});

test('nor through a session that is opened on it later', async () => {
  fleet = await connectBlindly();
  await diverge();
  await times(20, async () => expect((await fleet.query(NOTES)).rows).toEqual(COMMON));
  expect(memberOf(fleet, 'blue').reads).toBe(0);
});

test('nor when many reads are under way at once', async () => {
  fleet = await connectBlindly();
  await Promise.all(Array.from({ length: 20 }, () => fleet.query(NOTES)));
  await diverge();
  const answers = await Promise.all(Array.from({ length: 40 }, () => fleet.query(NOTES)));
  for (const { rows } of answers) expect(rows).toEqual(COMMON);
});

test('the first read that meets it has it looked at, and it is known as promoted from then on', async () => {
  fleet = await connectBlindly();
  await times(2, () => fleet.query(NOTES));
  await diverge();
  await times(2, () => fleet.query(NOTES));
  await eventually(() => memberOf(fleet, 'blue').state.kind === 'promoted');
});

test('with no other replica the primary answers', async () => {
  fleet = await connectBlindly(['blue']);
  await fleet.query(NOTES);
  await diverge();
  await times(3, async () => expect((await fleet.query(NOTES)).rows).toEqual(COMMON));
  expect(memberOf(fleet, 'primary').reads).toBe(3);
});

test('a transaction that was open on it fails rather than to return what only it has', async () => {
  fleet = await connectBlindly(['blue']);
  const work = fleet.transaction(
    async (transaction) => {
      await transaction.query(NOTES);
      await diverge();
      return (await transaction.query(NOTES)).rows;
    },
    { readOnly: true },
  );
  await expect(work).rejects.toThrow(promotedError('blue').message);
});

test('a transaction that begins later runs on another member', async () => {
  fleet = await connectBlindly(['blue']);
  await fleet.query(NOTES);
  await diverge();
  const read = await fleet.transaction(
    async (transaction) => ({ member: transaction.member, rows: (await transaction.query(NOTES)).rows }),
    { readOnly: true },
  );
  expect(read).toEqual({ member: 'primary', rows: COMMON });
});

test('what only it has cannot be written through the fleet either: its sessions only read', async () => {
  fleet = await connectBlindly(['blue']);
  await fleet.query(NOTES);
  await diverge();
  await expect(fleet.read(`insert into note values ('x')`)).rejects.toMatchObject({ code: '25006' });
  expect(await local.replica('blue').query(`select 1 from note where body = 'x'`)).toEqual([]);
});
