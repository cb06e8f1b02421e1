/** How statements end on connections that the app keeps: in transactions, and on clients that were checked out. */
import { type PoolClient, Query, type QueryConfig } from 'pg';
import { connect, type Fleet } from '../../../lib';
import {
  assertNotReadFrom,
  assertReadFrom,
  caughtUp,
  type LocalFleet,
  type Recording,
  readsOf,
  recordReads,
  startLocalFleet,
  testOptions,
} from '../../../local/testing';

let servers: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  servers = await startLocalFleet({ replicas: 2 });
  fleet = await connect(servers.contract, testOptions());
  await caughtUp(fleet);
});

afterAll(async () => {
  await fleet?.close();
  await servers?.stop();
});

const FAILS = 'select 1/0';
const READ = 'select 1';

type Asks = (client: Pick<PoolClient, 'query'>, text: string) => Promise<unknown>;

/** Settles as a callback of `pg` says. */
function called(ask: (callback: (error: unknown) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    ask((error) => (error ? reject(error) : resolve()));
  });
}

/** The forms of `query`. */
const forms: Record<string, Asks> = {
  'a promise': (client, text) => client.query(text),
  'a config': (client, text) => client.query({ text, values: [] }),
  'a callback': (client, text) => called((callback) => client.query(text, callback)),
  'a callback behind values': (client, text) => called((callback) => client.query(text, [], callback)),
  'a callback in the config': (client, text) =>
    called((callback) => client.query({ text, callback } as unknown as QueryConfig, [])),
  'a statement that speaks the protocol itself': (client, text) =>
    called((callback) => client.query(new Query(text, [], callback as never))),
};

/** Ways to a client whose connection stays. */
const clients: Record<string, (work: (client: Pick<PoolClient, 'query'>) => Promise<unknown>) => Promise<unknown>> = {
  'fleet.pool, in a transaction': (work) =>
    held(fleet.pool, async (client) => {
      await client.query('begin read only');
      await work(client).finally(() => client.query('rollback'));
    }),
  'fleet.readPool': (work) => held(fleet.readPool, work),
};

async function held(
  pool: { connect(): Promise<PoolClient> },
  work: (client: PoolClient) => Promise<unknown>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await work(client);
  } finally {
    client.release();
  }
}

function expectFailed(recorded: Recording): void {
  expect(recorded.statements).toMatchObject([
    { text: FAILS, member: undefined, role: undefined, error: { message: 'division by zero' } },
  ]);
  expect(() => assertReadFrom(recorded, 'replica')).toThrow('"select 1/0" failed: division by zero');
  assertNotReadFrom(recorded, 'replica');
}

test.each([true, false])('what fails in a transaction was read from nowhere, read only: %p', async (readOnly) => {
  const recorded = recordReads(fleet);
  const work = fleet.transaction((transaction) => transaction.query(FAILS), { readOnly });
  await expect(work).rejects.toThrow('division by zero');
  expectFailed(recorded);
});

describe.each(Object.entries(clients))('on a client of %s', (_, withClient) => {
  test.each(Object.entries(forms))('what fails was read from nowhere: %s', async (__, asks) => {
    expectFailed(
      await readsOf(fleet, () => expect(withClient((client) => asks(client, FAILS))).rejects.toThrow('division')),
    );
  });

  test.each(Object.entries(forms))('what is answered is known before whoever asked goes on: %s', async (__, asks) => {
    const recorded = recordReads(fleet);
    await withClient(async (client) => {
      await asks(client, READ);
      expect(recorded.reads).toMatchObject([{ text: READ, role: 'replica', error: undefined }]);
    });
    assertReadFrom(recorded, 'replica');
  });
});

describe('members that have left', () => {
  let short: Fleet;

  beforeEach(async () => {
    short = await connect(servers.contract, testOptions());
  });

  afterEach(() => short.close());

  test('are known by name to a recording of after that, and nobody else is', async () => {
    await short.replicas.remove('replica-2');
    const recorded = await readsOf(short, () => short.query(READ));
    assertNotReadFrom(recorded, 'replica-2');
    expect(() => assertNotReadFrom(recorded, 'replica-3')).toThrow(
      "got: 'replica-3'. The fleet has or had: primary, replica-1, replica-2.",
    );
  });

  test('are known to recordings of when they were there, and of later, where the contract never had them', async () => {
    const { host, port } = servers.replica('replica-2');
    await short.replicas.add({ name: 'guest', host, port });
    const before = recordReads(short);
    await short.replicas.remove('guest');
    for (const recorded of [before, await readsOf(short, () => short.query(READ))])
      assertNotReadFrom(recorded, 'guest');
  });

  test('are known where one answered, though it came and went within the recording', async () => {
    const { host, port } = servers.replica('replica-2');
    const recorded = recordReads(short);
    await short.replicas.add({ name: 'guest', host, port });
    for (const name of ['replica-1', 'replica-2']) await short.replicas.remove(name);
    await caughtUp(short);
    await short.query(READ);
    await short.replicas.remove('guest');
    assertReadFrom(recorded, 'guest');
  });
});
