import { connect, type Fleet, type FleetContract } from '../../../lib';
import { secretReader } from '../../../lib/config/aws/read';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';
import { type AwsEndpoint, awsVariables, startAwsEndpoint } from './aws-endpoint';

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:app';

let local: LocalFleet;
let aws: AwsEndpoint;
const fleets: Fleet[] = [];

beforeAll(async () => {
  [local, aws] = await Promise.all([startLocalFleet({ replicas: ['blue', 'green'] }), startAwsEndpoint()]);
  Object.assign(process.env, awsVariables(aws));
});

beforeEach(async () => {
  aws.texts.clear();
  aws.asked.length = 0;
});

afterEach(async () => {
  await Promise.all(fleets.splice(0).map((fleet) => fleet.close()));
});

afterAll(async () => {
  await aws?.stop();
  await local?.stop();
});

async function connected(...given: Parameters<typeof connect>): Promise<Fleet> {
  const fleet = await connect(...given);
  fleets.push(fleet);
  return fleet;
}

/** A role with a password that every member has heard of. */
async function role(name: string, password: string): Promise<void> {
  await local.primary.query(`do $$ begin create role ${name} login; exception when duplicate_object then end $$`);
  await changePassword(name, password);
}

async function changePassword(name: string, password: string): Promise<void> {
  await local.primary.query(`alter role ${name} password '${password}'`);
  const [{ rolpassword: verifier } = { rolpassword: '' }] = await passwordsOf(local.primary, name);
  for (const replica of local.replicas) {
    await eventually(async () => (await passwordsOf(replica, name))[0]?.rolpassword === verifier);
  }
}

function passwordsOf(member: LocalFleet['primary'], name: string) {
  return member.query<{ rolpassword: string }>(`select rolpassword from pg_authid where rolname = '${name}'`);
}

const secretOf = (username: string, password: string) => JSON.stringify({ username, password, host: 'of no concern' });
const withSecret = (): FleetContract => ({ ...local.contract, auth: { kind: 'secret', secretArn: ARN } });

/** New connections for whatever comes: as when a pool grows, or its connections have had their time. */
const ONE_USE = { pools: { maxUses: 1 }, balancer: 'round-robin' } as const;

test('a contract may be a secret’s text', async () => {
  aws.texts.set('fleet', JSON.stringify(local.contract));
  const fleet = await connected({ secret: 'fleet', region: 'eu-north-1' });
  expect(fleet.contract).toEqual(local.contract);
  expect(aws.asked).toEqual([{ target: 'secretsmanager.GetSecretValue', name: 'fleet', region: 'eu-north-1' }]);
});

test('a secret is asked for again, and replicas come and go with it', async () => {
  const [blue, green] = local.contract.readers;
  aws.texts.set('fleet', JSON.stringify({ ...local.contract, readers: [blue] }));
  const fleet = await connected({ secret: 'fleet' }, { contractRefreshMs: 20 });
  aws.texts.set('fleet', JSON.stringify({ ...local.contract, readers: [blue, green] }));
  await eventually(() => fleet.status().members.length === 3);
});

test('one that cannot be read any more is trouble, and no more than that', async () => {
  aws.texts.set('fleet', JSON.stringify(local.contract));
  const fleet = await connected({ secret: 'fleet' }, { contractRefreshMs: 20 });
  const troubles: Error[] = [];
  fleet.on('trouble', ({ error }) => troubles.push(error));
  aws.texts.set('fleet', { error: 'AccessDeniedException' });
  await eventually(() => troubles.length > 0);
  expect(troubles[0]).toMatchObject({
    code: 'READFLEET_AWS_UNREADABLE',
    message: expect.stringMatching(/^secret fleet: .*secretsmanager:GetSecretValue/),
  });
  expect((await fleet.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('one that holds no contract is refused by its name', async () => {
  aws.texts.set('fleet', secretOf('app', 'hunter2'));
  await expect(connect({ secret: 'fleet' })).rejects.toMatchObject({
    code: 'READFLEET_CONTRACT_INVALID',
    message: expect.stringMatching(/^secret fleet: (?!.*hunter2)/s),
  });
});

test.each([
  ['ResourceNotFoundException', /Look at its name and region/],
  ['AccessDeniedException', /needs secretsmanager:GetSecretValue/],
  ['InvalidRequestException', /has a way to AWS/],
])('%s says what to do', async (error, fix) => {
  aws.texts.set('fleet', { error });
  await expect(connect({ secret: 'fleet' })).rejects.toMatchObject({
    code: 'READFLEET_AWS_UNREADABLE',
    message: expect.stringMatching(fix),
  });
});

test('no credentials, and no region, are told as such', async () => {
  const { AWS_ACCESS_KEY_ID, AWS_REGION } = process.env;
  delete process.env.AWS_REGION;
  await expect(secretReader('fleet')()).rejects.toThrow(/Name the region: \{ region \}, or AWS_REGION/);
  process.env.AWS_REGION = AWS_REGION as string;
  delete process.env.AWS_ACCESS_KEY_ID;
  await expect(secretReader('fleet')()).rejects.toThrow(/Give the app credentials of AWS/);
  process.env.AWS_ACCESS_KEY_ID = AWS_ACCESS_KEY_ID as string;
});

describe('a contract that names a secret', () => {
  test('logs in as whom the secret says, asked for once and in the region of its ARN', async () => {
    await role('shop', 'first');
    aws.texts.set(ARN, secretOf('shop', 'first'));
    const fleet = await connected(withSecret(), ONE_USE);
    for (let turn = 0; turn < 4; turn += 1) {
      expect((await fleet.query('select current_user as me')).rows).toEqual([{ me: 'shop' }]);
    }
    expect(aws.asked).toEqual([{ target: 'secretsmanager.GetSecretValue', name: ARN, region: 'eu-west-1' }]);
  });

  test('a password that the code gives wins, and nobody is asked', async () => {
    await role('shop', 'first');
    const fleet = await connected(withSecret(), { user: 'shop', password: 'first' });
    expect((await fleet.query('select current_user as me')).rows).toEqual([{ me: 'shop' }]);
    expect(aws.asked).toEqual([]);
  });

  test.each([
    'hunter2',
    '{"username":"app"}',
    '{"password":"hunter2"}',
    '{"username":"","password":"hunter2"}',
    'null',
  ])('a secret that is no login is refused without its content: %s', async (text) => {
    aws.texts.set(ARN, text);
    const error: Error & { code?: string } = await connect(withSecret()).catch((caught) => caught);
    expect(error.code).toBe('READFLEET_SECRET_INVALID');
    expect(error.message).not.toContain('hunter2');
  });

  test('through a rotation nothing fails: reads, writes and transactions reconnect with what the secret says by then', async () => {
    await role('shop', 'first');
    aws.texts.set(ARN, secretOf('shop', 'first'));
    const fleet = await connected(withSecret(), ONE_USE);
    const failures: unknown[] = [];
    let done = 0;
    let running = true;
    const caller = async (work: () => Promise<unknown>) => {
      while (running) {
        await work().catch((error) => failures.push(error));
        done += 1;
      }
    };
    const callers = [
      caller(() => fleet.query('select 1')),
      caller(() => fleet.write('select 1')),
      caller(() => fleet.transaction((tx) => tx.query('select 1'), { readOnly: true })),
    ];
    for (const password of ['second', 'third']) {
      const before = done;
      // The new one first: between the two, AWS's own rotation has a moment in which the secret is late.
      aws.texts.set(ARN, secretOf('shop', password));
      await changePassword('shop', password);
      const then = done;
      await eventually(() => done > Math.max(before, then) + 60);
    }
    running = false;
    await Promise.all(callers);
    expect(failures).toEqual([]);
    // Once at the start and once for each rotation; once more when a replica refuses the new password, which it does not know yet.
    expect(aws.asked.length).toBeGreaterThanOrEqual(3);
    expect(aws.asked.length).toBeLessThanOrEqual(5);
  });

  test('a secret that is late is asked for with growing pauses, and the fleet comes back without a restart', async () => {
    await role('shop', 'first');
    aws.texts.set(ARN, secretOf('shop', 'first'));
    const fleet = await connected(withSecret(), ONE_USE);
    await changePassword('shop', 'second');
    await expect(fleet.query('select 1')).rejects.toThrow();
    for (let turn = 0; turn < 20; turn += 1) await fleet.query('select 1').catch(() => undefined);
    // Once at the begin, once since it was refused, and not forty times.
    expect(aws.asked.length).toBeLessThan(6);
    aws.texts.set(ARN, secretOf('shop', 'second'));
    await eventually(() => fleet.query('select 1'));
    await eventually(() => fleet.write('select 1'));
  });

  test('a replica that has not replayed the new password is passed over: others know it', async () => {
    await role('shop', 'first');
    aws.texts.set(ARN, secretOf('shop', 'first'));
    const fleet = await connected(withSecret(), { ...ONE_USE, maxStalenessMs: Number.POSITIVE_INFINITY });
    await local.replica('blue').pauseReplay();
    try {
      aws.texts.set(ARN, secretOf('shop', 'second'));
      await local.primary.query(`alter role shop password 'second'`);
      for (let turn = 0; turn < 10; turn += 1) await fleet.query('select 1');
    } finally {
      await local.replica('blue').resumeReplay();
    }
  });

  test('rotation between two users keeps to ours, whose password stands while the secret names the other', async () => {
    await role('shop', 'first');
    await role('shop_clone', 'other');
    aws.texts.set(ARN, secretOf('shop', 'first'));
    const fleet = await connected(withSecret(), ONE_USE);
    aws.texts.set(ARN, secretOf('shop_clone', 'other'));
    expect((await fleet.query('select current_user as me')).rows).toEqual([{ me: 'shop' }]);
    aws.texts.set(ARN, secretOf('shop', 'second'));
    await changePassword('shop', 'second');
    expect((await fleet.query('select current_user as me')).rows).toEqual([{ me: 'shop' }]);
  });
});
