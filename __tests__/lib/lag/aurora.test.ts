import { resolveOptions } from '../../../lib/check-options';
import { systemClock } from '../../../lib/clock';
import type { ContractMember } from '../../../lib/contract';
import { aurora } from '../../../lib/lag/aurora';
import { LsnHistory } from '../../../lib/lag/history';
import { disconnection, lagOf } from '../../../lib/lag/lag';
import { Probe } from '../../../lib/lag/probe';
import type { Sighting } from '../../../lib/lag/sighting';
import { clientConfig, credentialsOf } from '../../../lib/members/connection';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { installAuroraFunctions, type StatusRow, tell } from './aurora-functions';

const WRITER: StatusRow = { server: 'primary', session: 'MASTER_SESSION_ID', durableLsn: 88_492_069n };
const BLUE: StatusRow = { server: 'blue', currentReadLsn: 88_492_000n, lagMs: 20 };

let local: LocalFleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
  await installAuroraFunctions(local);
});

afterAll(() => local?.stop());

/** What a member says of itself, with the source's own question, through the probe. */
async function ask(address: ContractMember): Promise<Sighting> {
  const { contract } = local;
  const config = clientConfig(address, credentialsOf(contract, resolveOptions({})), 5_000);
  const probe = new Probe(config, 5_000, systemClock, undefined, aurora);
  try {
    return await probe.ask();
  } finally {
    probe.close();
  }
}

async function told(...rows: StatusRow[]): Promise<{ writer: Sighting; blue: Sighting }> {
  await tell(local, rows);
  const [blue] = local.contract.readers;
  return { writer: await ask(local.contract.writer), blue: await ask(blue as ContractMember) };
}

describe('the writer', () => {
  test('is out of recovery, at the durable position, which is of this moment', async () => {
    const { writer } = await told(WRITER, { ...BLUE, toldMsAgo: 700 });
    expect(writer).toMatchObject({ recovering: false, lsn: 88_492_069n, ageMs: 0, receiving: true });
  });

  test('before Aurora 13.9 its position is as old as its row', async () => {
    const { writer } = await told({ ...WRITER, toldMsAgo: 1_756 });
    expect(writer).toMatchObject({ lsn: 88_492_069n, ageMs: 1_756 });
  });

  test('has no known position while the cluster takes another for the writer', async () => {
    const { writer } = await told({ ...WRITER, session: 'a-reader', currentReadLsn: 5n, lagMs: 1, toldMsAgo: 0 });
    expect(writer).toMatchObject({ recovering: false, lsn: undefined });
    expect(writer).not.toHaveProperty('ageMs');
  });

  test('may have a position beyond what a double can count', async () => {
    const { writer } = await told({ ...WRITER, durableLsn: 9_007_199_254_740_993n });
    expect(writer.lsn).toBe(9_007_199_254_740_993n);
  });
});

describe('a reader', () => {
  test('is as old as its lag and the last news of the writer together: its own row has no time', async () => {
    const { blue } = await told({ ...WRITER, toldMsAgo: 400 }, BLUE);
    expect(blue).toMatchObject({ recovering: true, lsn: 88_492_000n, ageMs: 420, receiving: true });
    expect(disconnection(blue, 1)).toBeUndefined();
  });

  test('before Aurora 13.9 has a row with a time, which counts', async () => {
    const { blue } = await told({ ...WRITER, toldMsAgo: 0 }, { ...BLUE, toldMsAgo: 1_500 });
    expect(blue).toMatchObject({ ageMs: 1_520, receiving: true });
  });

  test('that lags is told to be that far behind', async () => {
    const { blue } = await told({ ...WRITER, toldMsAgo: 0 }, { ...BLUE, lagMs: 30_000 });
    expect(lagOf(blue, new LsnHistory())).toEqual({ seconds: 30, bytes: undefined });
    expect(blue.receiving).toBe(true);
  });

  test('is not made younger by servers whose clocks differ', async () => {
    const { blue } = await told({ ...WRITER, toldMsAgo: -900 }, BLUE);
    expect(blue.ageMs).toBe(20);
  });

  test('that has heard nothing of the writer for long is disconnected, and as old as that at least', async () => {
    const { blue } = await told({ ...WRITER, toldMsAgo: 12_000 }, BLUE);
    expect(blue).toMatchObject({ receiving: false, ageMs: 12_020 });
    expect(disconnection(blue, 1)).toBe('hears nothing of the writer for 12 s');
  });

  test('is not kept connected by a former writer that is still listed, nor cut off by it', async () => {
    const former: StatusRow = { ...WRITER, server: 'green', toldMsAgo: 90_000 };
    expect((await told(former, { ...WRITER, toldMsAgo: 300 }, BLUE)).blue.ageMs).toBe(320);
    expect((await told(former, BLUE)).blue.receiving).toBe(false);
  });

  test('hears nothing of the writer from other readers', async () => {
    const other: StatusRow = { ...BLUE, server: 'green', toldMsAgo: 0 };
    expect((await told({ ...WRITER, toldMsAgo: 15_000 }, other, BLUE)).blue).toMatchObject({
      receiving: false,
      ageMs: 15_020,
    });
  });

  test('in a cluster without a writer is disconnected, and proves nothing', async () => {
    const { blue } = await told(BLUE);
    expect(blue).toMatchObject({ recovering: true, receiving: false, lsn: undefined });
    expect(blue).not.toHaveProperty('ageMs');
    expect(disconnection(blue, 1)).toBe('hears nothing of the writer');
  });

  test('that the cluster does not list is disconnected, and proves nothing', async () => {
    const { blue } = await told({ ...WRITER, toldMsAgo: 0 });
    expect(blue).toMatchObject({ recovering: true, receiving: false, lsn: undefined });
    expect(blue).not.toHaveProperty('ageMs');
    expect(disconnection(blue, 1)).toBe('its cluster does not list it');
  });

  test.each([undefined, -1])('whose lag is %s proves nothing, by its position neither', async (lagMs) => {
    const { blue } = await told({ ...WRITER, toldMsAgo: 0 }, { ...BLUE, lagMs: lagMs as number });
    expect(blue).toMatchObject({ receiving: true, lsn: undefined });
    expect(lagOf(blue, new LsnHistory())).toBeUndefined();
  });

  test('without a position is as old as it says', async () => {
    const { blue } = await told({ ...WRITER, toldMsAgo: 0 }, { server: 'blue', lagMs: 20 });
    expect(blue).toMatchObject({ lsn: undefined, ageMs: 20 });
  });

  test('that the cluster takes for the writer, while it is in recovery still, proves nothing', async () => {
    const { blue } = await told({ ...WRITER, server: 'blue' });
    expect(blue).toMatchObject({ recovering: true, lsn: undefined });
    expect(blue).not.toHaveProperty('ageMs');
  });
});

test('all members are of one timeline, so that a reader that writes is not taken for one that left', async () => {
  const { writer, blue } = await told({ ...WRITER, toldMsAgo: 0 }, BLUE);
  expect(blue.timeline).toBe(writer.timeline);
  expect(blue.timeline).toBeDefined();
});

test('a server that is no Aurora refuses the question, and says why', async () => {
  await local.primary.query('alter function aurora_replica_status() rename to not_on_this_server');
  try {
    await expect(ask(local.contract.writer)).rejects.toThrow('function aurora_replica_status() does not exist');
  } finally {
    await local.primary.query('alter function not_on_this_server() rename to aurora_replica_status');
  }
});
