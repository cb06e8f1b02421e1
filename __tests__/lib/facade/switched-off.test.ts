import { Pool } from 'pg';
import { RecordingProxy } from './recording-proxy';
import { atOnce, script } from './script';
import { Servers } from './support';

let servers: Servers;
let proxy: RecordingProxy;

beforeAll(async () => {
  servers = await Servers.start();
  await servers.local.primary.query('create table note (id int primary key, body text not null)');
  await servers.local.primary.query(`insert into note select n, 'note ' || n from generate_series(1, 100) n`);
  proxy = await RecordingProxy.start(servers.local.primary.port);
});

afterAll(async () => {
  await proxy?.close();
  await servers?.stop();
});

/** What the script saw, and what was sent for it. */
async function recorded(pool: Pool, work = script): Promise<{ seen: unknown[]; sent: string[][] }> {
  const seen = await work(pool);
  await pool.end();
  return { seen, sent: (await proxy.take()).map(messages) };
}

/** A bare pool with nothing of ours, and the same through the proxy. */
async function bare(work = script): Promise<{ seen: unknown[]; sent: string[][] }> {
  const pool = new Pool({ ...servers.config(servers.local.primary, proxy.port), max: 2 });
  return recorded(pool, work);
}

test('the script calls often enough, and the bytes are told apart', async () => {
  const { seen, sent } = await bare();
  expect(seen.length).toBeGreaterThan(80);
  expect(sent.flat().filter((message) => message.startsWith('P')).length).toBeGreaterThan(5);
});

test.each(['auto', 'read', 'write'] as const)(
  'a fleet that is switched off: its %s pool is a bare pool on the primary, byte for byte',
  async (kind) => {
    const expected = await bare();
    const host = servers.host({ port: proxy.port, max: 2 });
    host.off = true;

    const { seen, sent } = await recorded(host.facade(kind));

    expect(seen).toEqual(expected.seen);
    expect(sent).toEqual(expected.sent);
    expect(host.seen).toEqual([]);
  },
);

test.each(['auto', 'read', 'write'] as const)(
  'its %s pool does the same as a bare one with more at once than it has connections',
  async (kind) => {
    const expected = await bare(atOnce);
    const host = servers.host({ port: proxy.port, max: 2 });
    host.off = true;

    const { seen, sent } = await recorded(host.facade(kind), atOnce);

    expect(seen).toEqual(expected.seen);
    expect([sent.length, sent.flat().sort()]).toEqual([expected.sent.length, expected.sent.flat().sort()]);
  },
);

test('readPool of a fleet without replicas is a bare pool on the primary, byte for byte', async () => {
  const expected = await bare();
  const host = servers.hostWithoutReplica({ port: proxy.port, max: 2 });

  const { seen, sent } = await recorded(host.facade('read'));

  expect(seen).toEqual(expected.seen);
  expect(sent).toEqual(expected.sent);
});

test('switched on, a client of the primary sends the same bytes from its first write on', async () => {
  const text = ['begin', 'select 1 as n', 'select $1::int as n', 'commit'];
  const run = async (pool: Pool) => {
    const client = await pool.connect();
    for (const each of text) await client.query(each, each.includes('$1') ? [1] : undefined);
    await client.query({ name: 'one', text: 'select 1 as n', rowMode: 'array' } as never);
    client.release();
    await pool.end();
    return (await proxy.take()).map(messages);
  };

  const expected = await run(new Pool(servers.config(servers.local.primary, proxy.port)));

  expect(await run(servers.host({ port: proxy.port }).facade())).toEqual(expected);
});

/** The messages of one connection: a letter and what it says. Proofs of the password are random, and names of cursors are counted. */
function messages(sent: Buffer): string[] {
  const told = [sent.subarray(0, sent.readInt32BE(0)).toString('latin1')];
  for (let at = sent.readInt32BE(0); at < sent.length; ) {
    const end = at + 1 + sent.readInt32BE(at + 1);
    const letter = sent.toString('latin1', at, at + 1);
    if (letter !== 'p') told.push(letter + sent.toString('latin1', at + 5, end).replace(/C_\d+/g, 'C_n'));
    at = end;
  }
  return told;
}
