import { Client } from 'pg';
import { connections } from '../../lambda/connection';
import type { EmitterContract } from '../../lambda/emitter-contract';
import { type ServerAnswer, type ServerFacts, type ServerReport, Servers } from '../../lambda/servers';
import { type LocalFleet, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';
import { CONTRACT } from './simulated-fleet';
import { emitterContract, neverConnects } from './support';

describe('of real servers', () => {
  let local: LocalFleet;
  const open: Servers[] = [];

  beforeAll(async () => {
    local = await startLocalFleet({ replicas: ['blue', 'green'], parameters: { max_connections: 77 } });
  });

  afterEach(() => {
    for (const servers of open.splice(0)) servers.close();
  });

  afterAll(() => local?.stop());

  function servers(changes: Partial<EmitterContract> = {}): Servers {
    const contract = emitterContract(local.contract, changes);
    const made = new Servers(contract, { configOf: connections(contract, () => []) });
    open.push(made);
    return made;
  }

  async function take(asked = servers()): Promise<Record<string, ServerReport>> {
    return Object.fromEntries(await asked.take()) as Record<string, ServerReport>;
  }

  test('connections of clients are counted, on each server by itself, and how many it takes', async () => {
    const asked = servers();
    const before = await take(asked);
    const client = new Client({ connectionString: local.replica('blue').url });
    await client.connect();
    try {
      const after = await take(asked);
      expect(after.blue?.connections).toBe((before.blue?.connections as number) + 1);
      expect(after.green?.connections).toBe(before.green?.connections);
      expect(after.primary?.maxConnections).toBe(77);
    } finally {
      await client.end();
    }
  });

  test('replication’s own connections are none of clients', async () => {
    const counted = await eventually(async () => {
      const [row] = await local.primary.query<{ clients: number; senders: number }>(
        `select count(*) filter (where backend_type = 'client backend')::int as clients,
                count(*) filter (where backend_type = 'walsender')::int as senders from pg_stat_activity`,
      );
      return row?.senders === 2 && row;
    });
    // The one that asked just now is gone, the one that asks is there.
    expect((await take()).primary?.connections).toBeLessThanOrEqual((counted as { clients: number }).clients);
  });

  test('a replica that is away is seen by its slot, on the primary as the one furthest behind and by its own name', async () => {
    const [{ slot } = { slot: '' }] = await local
      .replica('blue')
      .query<{ slot: string }>('select slot_name as slot from pg_stat_wal_receiver');
    await local.replica('blue').freeze();
    await local.primary.query('create table away as select generate_series(1, 20000) as n');
    const reports = await take();
    await local.replica('blue').thaw();

    expect(reports.primary?.slot?.name).toBe(slot);
    expect(reports.primary?.slot?.lagBytes).toBeGreaterThan(500_000);
    expect(reports.green?.slot?.name).not.toBe(slot);
    expect(reports.green?.slot?.lagBytes).toBeLessThan(reports.primary?.slot?.lagBytes as number);
    expect(reports.blue).toEqual({ failure: expect.stringMatching(/timeout expired|no answer within 2000 ms/) });
    await eventually(async () => ((await take()).blue?.slot?.lagBytes as number) < 500_000);
    expect((await take()).blue?.slot?.name).toBe(slot);
  });

  test('a replica that keeps log for others is asked all the same: a standby refuses to tell where a primary writes', async () => {
    await local.replica('green').query("select pg_create_physical_replication_slot('of_others', true)");
    const { green, primary } = await take();
    expect(green?.slot?.name).not.toBe('of_others');
    expect(green?.connections).toEqual(expect.any(Number));
    expect(primary?.slot?.name).not.toBe('of_others');
  });

  test('who may not see other people’s connections counts none, instead of its own alone', async () => {
    await local.primary.query("create role onlooker login password 'onlooker'");
    await eventually(async () => {
      const rows = await local.replica('green').query("select from pg_roles where rolname = 'onlooker'");
      return rows.length === 1;
    });
    const { green } = await take(servers({ auth: { kind: 'password', user: 'onlooker', password: 'onlooker' } }));
    expect(green).toEqual({ connections: undefined, maxConnections: 77 });
  });

  test('a role that is not there yet is told of, by every server', async () => {
    const asked = servers({ auth: { kind: 'password', user: 'nobody', password: 'hunter2' } });
    for (const [, answer] of await asked.take()) {
      expect(answer).toEqual({ failure: expect.stringMatching(/"nobody"/) });
      expect(JSON.stringify(answer)).not.toContain('hunter2');
    }
  });
});

describe('of servers as they are told', () => {
  const facts = (differing: Partial<ServerFacts> = {}): ServerFacts => ({
    connections: 3,
    maxConnections: 100,
    slot: undefined,
    slots: undefined,
    ...differing,
  });

  function take(told: Record<string, ServerFacts | Error>): Promise<ReadonlyMap<string, ServerAnswer>> {
    const probeOf = ({ name }: { name: string }) => ({
      ask: async () => {
        const answer = told[name];
        if (answer instanceof Error) throw answer;
        return answer as ServerFacts;
      },
      close: () => undefined,
    });
    return new Servers(CONTRACT, { configOf: neverConnects, probeOf }).take();
  }

  test('one that fails hides no other', async () => {
    expect(Object.fromEntries(await take({ primary: new Error('gone'), blue: facts() }))).toEqual({
      primary: { failure: 'gone' },
      blue: { connections: 3, maxConnections: 100 },
    });
  });

  test('without its primary’s word nobody knows how far the slot of a replica is behind', async () => {
    const answers = await take({ primary: new Error('gone'), blue: facts({ slot: 'blue_slot' }) });
    expect(answers.get('blue')).not.toHaveProperty('slot');
  });

  test('a slot whose log is gone is none', async () => {
    const answers = await take({ primary: facts({ slots: { other: 5 } }), blue: facts({ slot: 'blue_slot' }) });
    expect(answers.get('blue')).not.toHaveProperty('slot');
    expect(answers.get('primary')).toMatchObject({ slot: { name: 'other', lagBytes: 5 } });
  });

  test('of all slots of a primary the one furthest behind is told', async () => {
    const answers = await take({ primary: facts({ slots: { near: 5, far: 70, middle: 60 } }), blue: facts() });
    expect(answers.get('primary')).toMatchObject({ slot: { name: 'far', lagBytes: 70 } });
  });
});
