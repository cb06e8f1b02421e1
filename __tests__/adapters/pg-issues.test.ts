/** What hurts users of `pg`, and of wrappers around it, by the numbers of their trackers: each is there with the bare pool, and gone on a fleet. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Pool } from 'pg';
import { type ConnectOptions, connect, type Fleet } from '../../lib';
import { type LocalFleet, type LocalMember, startLocalFleet } from '../../local';
import { begun, ended, replicated, running } from '../support/activity';
import { eventually } from '../support/eventually';

const READ = 'select count(*) from note';
const ROOT = path.join(__dirname, '..', '..');

let local: LocalFleet;
let fleet: Fleet;
let bare: Pool;

beforeEach(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'], network: true });
  await local.primary.query('create table note (id bigint generated always as identity primary key, body text)');
  await replicated(local.primary, local.replicas);
  bare = new Pool({ connectionString: local.primary.address.url });
  bare.on('error', () => undefined);
});

afterEach(async () => {
  await fleet?.close();
  bare.on('connect', (client) => client.on('error', () => undefined));
  void bare.end();
  await local?.stop();
});

async function connected(options: ConnectOptions = {}): Promise<Fleet> {
  fleet = await connect(local.contract, { closeTimeoutMs: 500, ...options });
  await eventually(() => fleet.status().members.every(({ state }) => state.kind === 'serving'));
  return fleet;
}

function stateOf(name: string): string | undefined {
  return fleet.status().members.find((member) => member.name === name)?.state.kind;
}

/** The replica that runs a statement with `mark` in it. */
function serving(mark: string): Promise<LocalMember> {
  return eventually(async () => {
    const counts = await Promise.all(local.replicas.map((replica) => running(replica, mark)));
    const found = local.replicas[counts.findIndex((count) => count > 0)];
    if (!found) throw new Error(`no replica runs ${mark}`);
    return found;
  });
}

describe('node-postgres #2774: no AbortSignal', () => {
  test('pg takes no heed of one', async () => {
    const statement = { text: 'select 1 as n', signal: AbortSignal.abort() };
    expect((await bare.query(statement)).rows).toEqual([{ n: 1 }]);
  });

  test('a read is cancelled on its server, rejects with the reason, and its connection is kept', async () => {
    await connected();
    const request = new AbortController();
    const read = fleet.query('select pg_sleep(60)', [], { signal: request.signal });
    read.catch(() => undefined);
    const replica = await serving('pg_sleep');
    const connections = fleet.readPool.totalCount;
    const reason = new Error('the browser has gone');
    request.abort(reason);
    await expect(read).rejects.toBe(reason);
    await ended(replica, 'pg_sleep');
    await eventually(() => fleet.readPool.idleCount === fleet.readPool.totalCount);
    expect(fleet.readPool.totalCount).toBe(connections);
  });

  test('so is a write, and it leaves nothing', async () => {
    await connected();
    const request = new AbortController();
    const write = fleet.query("insert into note (body) select 'late' from pg_sleep(60)", [], {
      signal: request.signal,
    });
    write.catch(() => undefined);
    await begun(local.primary, 'pg_sleep');
    request.abort(new Error('gone'));
    await expect(write).rejects.toThrow('gone');
    await ended(local.primary, 'pg_sleep');
    expect((await fleet.criticalRead(READ)).rows).toEqual([{ count: '0' }]);
  });

  test('so is what code does that only takes a pool: it is given one that has the signal', async () => {
    await connected();
    const request = new AbortController();
    const listing = (pool: Pool) => pool.query('select pg_sleep(60)');
    const read = listing(fleet.pool.lend({ signal: request.signal }));
    read.catch(() => undefined);
    const replica = await serving('pg_sleep');
    request.abort(new Error('gone'));
    await expect(read).rejects.toThrow('gone');
    await ended(replica, 'pg_sleep');
  });
});

describe('node-postgres #2650: a primary that is shutting down floods the app with 57P03', () => {
  const REFUSED = /FATAL:\s+the database system is shutting down/g;
  const refusals = () =>
    readFileSync(path.join(local.primary.dataDir, 'server.log'), 'utf8').match(REFUSED)?.length ?? 0;

  test('writes are refused without being sent there, reads go on, and both do once it is back', async () => {
    await connected();
    await fleet.write("insert into note (body) values ('before')");
    await replicated(local.primary, local.replicas);
    // It cannot end before this replica has heard all: so long it refuses whoever comes.
    await local.replica('green').freeze();
    await eventually(() => stateOf('green') === 'ejected');
    process.kill(local.primary.pid as number, 'SIGINT');
    await eventually(() =>
      bare.query('select 1').then(
        () => false,
        ({ code }) => code === '57P03',
      ),
    );

    // The bare pool opens a connection for each statement, only to be refused.
    const before = refusals();
    await Promise.allSettled(Array.from({ length: 20 }, () => bare.query('select 1')));
    expect(refusals() - before).toBeGreaterThanOrEqual(20);

    const write = () => fleet.write("insert into note (body) values ('during')");
    await eventually(() =>
      write().then(
        () => false,
        ({ code }) => code === 'READFLEET_NO_WRITER',
      ),
    );
    const begin = refusals();
    const told = new Set<string>();
    for (let n = 0; n < 200; n += 1) {
      await write().catch(({ code }) => told.add(code));
      // How old the answer is cannot be proved while the primary does not answer.
      await fleet.query(READ, [], { maxStalenessMs: Number.POSITIVE_INFINITY });
    }
    expect([...told]).toEqual(['READFLEET_NO_WRITER']);
    // The watch alone asks, now and then, whether it is back.
    expect(refusals() - begin).toBeLessThan(50);

    await local.replica('green').thaw();
    await local.primary.restart();
    await eventually(() =>
      write().then(
        () => true,
        () => false,
      ),
    );
    expect((await local.primary.query("select count(*)::int as n from note where body = 'during'"))[0]).toEqual({
      n: 1,
    });
  });
});

describe('node-postgres #1075: a network that drops everything without a word', () => {
  test('pg waits for ever', async () => {
    await bare.query('select 1');
    local.primary.network.drop();
    let answered = false;
    const hangs = bare.query('select 1').finally(() => {
      answered = true;
    });
    hangs.catch(() => undefined);
    // The server itself answers others all the while.
    for (let n = 0; n < 5; n += 1) await local.primary.query('select 1');
    expect(answered).toBe(false);
    await local.primary.network.heal();
    await hangs;
  });

  test('reads under way on a replica move on, later ones do not go there, and once the network is back it is read', async () => {
    await connected({ lag: { pollMs: 100, timeoutMs: 400 }, breaker: { openMs: 200 } });
    const reads = Array.from({ length: 4 }, () => fleet.query('select 7 as n, pg_sleep(1)'));
    const replica = await serving('pg_sleep');
    replica.network.drop();
    for (const read of reads) expect((await read).rows[0]).toMatchObject({ n: 7 });
    await eventually(() => stateOf(replica.name) === 'ejected');
    for (let n = 0; n < 20; n += 1) await fleet.query(READ);

    await replica.network.heal();
    await eventually(() => stateOf(replica.name) === 'serving');
    const served = () => fleet.status().members.find(({ name }) => name === replica.name)?.reads ?? 0;
    const before = served();
    await eventually(() => fleet.query(READ).then(() => served() > before));
  });

  test('writes to a primary behind it are told, none waits for ever, and once it is back they go on', async () => {
    await connected({ lag: { pollMs: 100, timeoutMs: 400 } });
    const write = () => fleet.query("insert into note (body) values ('x')", [], { timeoutMs: 1_000 });
    await write();
    local.primary.network.drop();
    await expect(write()).rejects.toMatchObject({ code: expect.stringMatching(/^READFLEET_(TIMEOUT|NO_WRITER)$/) });
    await eventually(() =>
      write().then(
        () => false,
        ({ code }) => code === 'READFLEET_NO_WRITER',
      ),
    );
    await local.primary.network.heal();
    await eventually(() =>
      write().then(
        () => true,
        () => false,
      ),
    );
  });
});

describe('aws-advanced-nodejs-wrapper #620: the process ends after a failover', () => {
  const TERMINATE =
    "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'";

  /** Runs a script that says "ready" once its connections are idle; ends them; says how the process ended. */
  async function whenConnectionsAreEnded(script: string): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { cwd: ROOT });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    try {
      await eventually(() => output.includes('ready'));
      for (const member of local.members) await member.query(TERMINATE);
      // Ends by itself, if it is still there.
      child.stdin.end();
      return { code: await exited, output };
    } finally {
      child.kill('SIGKILL');
    }
  }

  test('a bare pool without a listener takes the process with it', async () => {
    const { code, output } = await whenConnectionsAreEnded(`
      const { Pool } = require('pg');
      const pool = new Pool({ connectionString: ${JSON.stringify(local.primary.url)} });
      pool.query('select 1').then(() => console.log('ready'));
      process.stdin.on('end', () => undefined).resume();`);
    expect(code).not.toBe(0);
    expect(output).toContain("Unhandled 'error' event");
  });

  test('a fleet to which nobody listens reads and writes on', async () => {
    const { code, output } = await whenConnectionsAreEnded(`
      const { connect } = require('./lib');
      connect(${JSON.stringify(local.contract)}).then(async (fleet) => {
        await Promise.all([fleet.query('select 1'), fleet.query('select 1'), fleet.write('select 1')]);
        console.log('ready');
        process.stdin.on('end', async () => {
          await fleet.query('select 1');
          // It may meet a connection of which nobody has heard yet that it is gone: such a write is told, and never sent twice.
          const write = () => fleet.write('select 1').catch(() => new Promise(setImmediate).then(write));
          await write();
          console.log('went on');
          await fleet.close();
        }).resume();
      });`);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('went on') });
  });

  test('a client that was checked out before a failover can be released after it', async () => {
    await connected({ failover: { silenceMs: 200 }, lag: { pollMs: 50, timeoutMs: 400 } });
    const client = await fleet.writePool.connect();
    await client.query('begin');
    await local.primary.kill();
    await local.failOver('blue');
    await expect(client.query('select 1')).rejects.toThrow();
    expect(() => client.release(true)).not.toThrow();
    await eventually(() =>
      fleet.write("insert into note (body) values ('x')").then(
        () => true,
        () => false,
      ),
    );
  });
});

test('aws-advanced-nodejs-wrapper #598: clients that come and go leave no listener behind', async () => {
  await connected({ pools: { primaryMax: 1, replicaMax: 1 } });
  const warned = jest.fn();
  process.on('warning', warned);
  try {
    for (let n = 0; n < 30; n += 1) {
      const client = await fleet.pool.connect();
      await client.query('begin');
      await client.query(READ);
      await client.query('commit');
      client.release();
      await fleet.query(READ);
    }
    // Warnings are told on the next turn.
    await new Promise((resolve) => setImmediate(resolve));
    expect(warned).not.toHaveBeenCalled();
  } finally {
    process.removeListener('warning', warned);
  }
});

test('aws-advanced-nodejs-wrapper #465: a replica that comes later is read', async () => {
  await connected({ slowStartMs: 0, balancer: 'round-robin' });
  const red = await local.addReplica('red');
  await fleet.replicas.add({ name: 'red', host: red.address.host, port: red.address.port });
  const reads = () => fleet.status().members.find(({ name }) => name === 'red')?.reads ?? 0;
  await eventually(() => fleet.query(READ).then(() => reads() > 0));
});
