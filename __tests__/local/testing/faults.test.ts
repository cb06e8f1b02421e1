import { AsyncResource } from 'node:async_hooks';
import { connect, type Fleet } from '../../../lib';
import type { Member } from '../../../lib/members/member';
import {
  caughtUp,
  type LocalFleet,
  readMatchers,
  readsOf,
  startLocalFleet,
  type TestServers,
  testOptions,
  undisturbed,
  withDown,
  withFaults,
  withFrozen,
  withLag,
} from '../../../local/testing';
import { eventually } from '../../support/eventually';

expect.extend(readMatchers);

let servers: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  servers = await startLocalFleet({ replicas: 2 });
  await servers.primary.query('create table notes (id int)');
  fleet = await connect(servers.contract, testOptions());
  await caughtUp(fleet);
});

afterAll(async () => {
  await fleet?.close();
  await servers?.stop();
});

/** Work that is begun here is in no hold of the caller's. */
const elsewhere = new AsyncResource('elsewhere');
const READ = 'select id from notes';

async function count(options = {}): Promise<number | undefined> {
  return (await fleet.query<{ n: number }>('select count(*)::int as n from notes', [], options)).rows[0]?.n;
}

/** What each test may count on, and must leave behind. */
afterEach(async () => {
  expect(servers.members.map(({ state }) => state)).toEqual(['running', 'running', 'running']);
  expect(fleet.status().members.map(({ state }) => state.kind)).toEqual(['serving', 'serving', 'serving']);
  const recorded = await readsOf(fleet, async () => {
    for (let turn = 0; turn < 20; turn += 1) await fleet.query(READ);
  });
  expect(recorded).toHaveReadOnlyFrom('replica');
});

describe('replicas that are behind', () => {
  test('are not read within the default bound', async () => {
    const recorded = await withLag(fleet, { ms: 2_000 }, () => readsOf(fleet, () => fleet.query(READ)));

    expect(recorded).toHaveReadOnlyFrom('primary');
    expect(recorded.reads[0]?.reason).toMatch(/^replica-1: not proved fresher than 2\d{3} ms; replica-2: not proved/);
  });

  test('are read by those who allow it, and show what was before', async () => {
    const before = await count({ consistency: 'strong' });
    await withLag(fleet, { ms: 2_000 }, async () => {
      await fleet.query('insert into notes values (1)');
      const [stale, fresh] = [await count({ maxStalenessMs: 60_000 }), await count()];
      expect([stale, fresh]).toEqual([before, (before ?? 0) + 1]);
    });
  });

  test('a day is as quickly had as two seconds', async () => {
    await withLag(fleet, { ms: 86_400_000 }, async () => {
      expect(await readsOf(fleet, () => fleet.query(READ, [], { maxStalenessMs: 86_000_000 }))).toHaveReadFrom(
        'primary',
      );
      expect(await readsOf(fleet, () => fleet.query(READ, [], { maxStalenessMs: 87_000_000 }))).toHaveReadFrom(
        'replica',
      );
    });
  });

  test('are those that were named: the others are read', async () => {
    const recorded = await withLag(fleet, { replicas: 'replica-1' }, () =>
      readsOf(fleet, () => Promise.all(Array.from({ length: 20 }, () => fleet.query(READ)))),
    );
    expect(recorded).toHaveReadOnlyFrom('replica-2');
  });

  test.each([Number.NaN, -5, Number.POSITIVE_INFINITY, 2 ** 31, '2000', null])(
    'are never %p ms behind: it is refused, and nobody is held up',
    async (ms) => {
      let ran = false;
      const lag = withLag(fleet, { ms: ms as number }, async () => {
        ran = true;
      });
      await expect(lag).rejects.toMatchObject({
        code: 'READFLEET_TESTING_MILLISECONDS',
        message: expect.stringMatching(/^withLag\(\): ms must be a number of milliseconds, 0 to 2147483647 .*, got: /),
      });
      expect(ran).toBe(false);
    },
  );

  test('are behind by two seconds when nothing is said', async () => {
    await withLag(fleet, {}, async () => {
      expect(await readsOf(fleet, () => fleet.query(READ, [], { maxStalenessMs: 1_999 }))).toHaveReadFrom('primary');
      expect(await readsOf(fleet, () => fleet.query(READ, [], { maxStalenessMs: 60_000 }))).toHaveReadFrom('replica');
    });
  });

  test('become so old by waiting, where the clock is not that of testOptions()', async () => {
    const other = await connect(servers.contract, { lag: { pollMs: 20 }, slowStartMs: 0 });
    const recorded = await withLag(other, { ms: 300 }, () =>
      readsOf(other, () => other.query(READ, [], { maxStalenessMs: 299 })),
    );
    expect(recorded).toHaveReadFrom('primary');
    await other.close();
    await caughtUp(fleet);
  });
});

describe('servers that are down', () => {
  test('a replica: reads go to the other', async () => {
    const recorded = await withDown(fleet, 'replica-1', () =>
      readsOf(fleet, async () => {
        for (let turn = 0; turn < 20; turn += 1) await fleet.query(READ);
      }),
    );
    expect(recorded).toHaveReadOnlyFrom('replica-2');
  });

  test('all replicas: reads go to the primary', async () => {
    expect(await withDown(fleet, 'replicas', () => readsOf(fleet, () => fleet.query(READ)))).toHaveReadOnlyFrom(
      'primary',
    );
  });

  test('the primary: reads are answered, writes are not', async () => {
    await withDown(fleet, 'primary', async () => {
      expect(await readsOf(fleet, () => fleet.query(READ))).toHaveReadOnlyFrom('replica');
      await expect(fleet.query('insert into notes values (1)')).rejects.toThrow();
    });
    await fleet.query('insert into notes values (1)');
    await caughtUp(fleet);
  });

  test('all of them', async () => {
    await withDown(fleet, 'all', () =>
      expect(fleet.query(READ)).rejects.toMatchObject({ code: 'READFLEET_NO_MEMBER' }),
    );
  });

  test('a list of them', async () => {
    await withDown(fleet, ['primary', 'replica-2'], async () => {
      expect(servers.members.map(({ state }) => state)).toEqual(['crashed', 'running', 'crashed']);
    });
  });

  test('one that the fleet does not have is named', async () => {
    await expect(withDown(fleet, 'replica-9', async () => undefined)).rejects.toMatchObject({
      code: 'READFLEET_LOCAL_NO_MEMBER',
    });
  });
});

test('a frozen replica is passed by', async () => {
  await withFrozen(fleet, 'replica-2', async () => {
    expect(servers.replica('replica-2').state).toBe('frozen');
    await eventually(async () => {
      expect(await readsOf(fleet, () => fleet.query(READ))).toHaveReadFrom('replica-1');
    });
  });
});

describe('what is undone', () => {
  test('all that was done by hand', async () => {
    await withFaults(fleet, async (broken: TestServers) => {
      await broken.member('replica-1').pauseReplay();
      await broken.member('replica-2').kill();
      await broken.primary.freeze();
    });
  });

  test('also when the work fails, whose error it is', async () => {
    const work = async () => {
      throw new Error('the page is wrong');
    };
    await expect(withDown(fleet, 'all', work)).rejects.toThrow('the page is wrong');
  });

  test('what the fleet holds against a server: a breaker that would stay open for long is closed', async () => {
    const wary = await connect(
      servers.contract,
      testOptions({ breaker: { failures: 1, openMs: 600_000, longestMs: 600_000 } }),
    );
    const { breaker, clock } = wary.internals.members.readers[0] as Member;
    try {
      await withFaults(wary, async () => {
        breaker.failed(clock.now());
        expect(breaker.state(clock.now()).kind).toBe('open');
      });
      expect(breaker.state(clock.now()).kind).toBe('closed');
    } finally {
      await wary.close();
    }
    await caughtUp(fleet);
  });

  test('of one within another: its own, and the rest at the end', async () => {
    await withDown(fleet, 'replica-1', async () => {
      await withLag(fleet, { replicas: 'replica-2' }, async () => {
        expect(await readsOf(fleet, () => fleet.query(READ))).toHaveReadOnlyFrom('primary');
      });
      expect(servers.replica('replica-1').state).toBe('crashed');
      const [row] = await servers.replica('replica-2').query('select pg_is_wal_replay_paused() as paused');
      expect(row).toEqual({ paused: false });
    });
  });
});

describe('turns', () => {
  test('two works that break the same servers come one after the other', async () => {
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await fleet.query(READ);
      log.push(`${name} ends`);
    };
    await Promise.all([withDown(fleet, 'replica-1', work('a')), withDown(fleet, 'replica-2', work('b'))]);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  test('nobody breaks servers while somebody is undisturbed', async () => {
    let broken: Promise<void> | undefined;
    await undisturbed(fleet, async () => {
      broken = elsewhere.runInAsyncScope(() => withDown(fleet, 'replicas', async () => undefined));
      for (let turn = 0; turn < 20; turn += 1) await fleet.query(READ);
      expect(servers.members.map(({ state }) => state)).toEqual(['running', 'running', 'running']);
    });
    await broken;
  });

  test('faults within undisturbed() are refused, since they would wait for themselves', async () => {
    await expect(undisturbed(fleet, () => withDown(fleet, 'replicas', async () => undefined))).rejects.toMatchObject({
      code: 'READFLEET_TESTING_HOLD',
    });
  });

  test('undisturbed() within a fault is a part of it', async () => {
    await withFaults(fleet, () => undisturbed(fleet, () => fleet.query(READ)));
  });
});

describe('caughtUp()', () => {
  test('returns when every replica shows what was written, the late ones too', async () => {
    await withFaults(fleet, async (broken) => {
      await broken.member('replica-2').delayReplay(500);
      await fleet.query('insert into notes values (2)');

      await caughtUp(fleet);

      const counts = await Promise.all(servers.members.map((member) => member.query('select count(*) from notes')));
      expect(counts).toEqual(Array(3).fill(counts[0]));
    });
  });
});

test('servers that nobody here has started cannot be broken', async () => {
  const stranger = {
    contract: { ...servers.contract, writer: { name: 'primary', host: '127.0.0.1', port: 1 }, readers: [] },
  };
  await expect(withFaults(stranger as unknown as Fleet, async () => undefined)).rejects.toMatchObject({
    code: 'READFLEET_TESTING_UNKNOWN_SERVERS',
  });
});
