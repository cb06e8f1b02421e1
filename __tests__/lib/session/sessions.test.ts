import { AsyncLocalStorage } from 'node:async_hooks';
import type { ReadfleetError } from '../../../lib/errors';
import { type Sessions, sessionApi } from '../../../lib/session/sessions';
import { formatToken, type Token } from '../../../lib/session/token';
import { ManualClock, settle } from '../../support/manual-clock';
import { sighting } from '../../support/sightings';

const FLEET = 'orders/production';

let clock: ManualClock;
let asked: number;
let position: () => Promise<Token>;
let session: Sessions;

beforeEach(() => {
  clock = new ManualClock();
  asked = 0;
  position = async () => ({ timeline: 1, lsn: 100n + BigInt(asked) });
  session = sessionApi(
    {
      clock,
      position() {
        asked += 1;
        return position();
      },
    },
    FLEET,
  );
});

function wrote(): void {
  session.current()?.wrote(clock.now());
}

test('outside of a session there is none', () => {
  expect(session.current()).toBeUndefined();
});

test('work runs in a session, through all of its awaits and timers, and its result is handed on', async () => {
  const result = await session(async () => {
    const mine = session.current();
    expect(mine).toBeDefined();
    await settle();
    expect(session.current()).toBe(mine);
    return 42;
  });

  expect(result).toBe(42);
  expect(session.current()).toBeUndefined();
});

test('a query builder that begins when it is awaited begins in the session that it was returned from', async () => {
  const begunIn: unknown[] = [];
  const lazy = () =>
    ({
      // biome-ignore lint/suspicious/noThenProperty: what Prisma, Drizzle and Knex give is one
      then(resolve: (value: number) => void) {
        begunIn.push(session.current());
        resolve(42);
      },
    }) as Promise<number>;

  await session(async () => {
    const mine = session.current();
    expect(await session(lazy)).toBe(42);
    expect(begunIn).toEqual([mine]);
  });
  expect(await session(lazy)).toBe(42);
  expect(await session.resume(formatToken({ timeline: 1, lsn: 1n }, FLEET), lazy)).toBe(42);

  expect(begunIn).toEqual([expect.anything(), expect.anything(), expect.anything()]);
  expect(new Set(begunIn).size).toBe(3);
});

test('two at once are two', async () => {
  const [one, other] = await Promise.all([session(() => session.current()), session(() => session.current())]);

  expect(one).toBeDefined();
  expect(one).not.toBe(other);
});

test('work that throws or rejects rejects, with its own error', async () => {
  const error = new Error('no');

  await expect(
    session(() => {
      throw error;
    }),
  ).rejects.toBe(error);
  await expect(session(() => Promise.reject(error))).rejects.toBe(error);
});

test('a session within a session is a part of it: each counts for the other', async () => {
  await session(async () => {
    const outer = session.current();
    await session(() => expect(session.current()).toBe(outer));
    await session.resume(formatToken({ timeline: 1, lsn: 7n }, FLEET), () => expect(session.current()).toBe(outer));
  });
});

test('sessions of two fleets know nothing of each other', async () => {
  const other = sessionApi({ clock, position: () => position() }, 'billing/production');

  await session(() => expect(other.current()).toBeUndefined());
});

test('before the first session no storage is used, which would make each promise of the process dearer', async () => {
  const getStore = jest.spyOn(AsyncLocalStorage.prototype, 'getStore');
  const run = jest.spyOn(AsyncLocalStorage.prototype, 'run');

  session.current();
  await session.token().catch(() => undefined);
  expect(getStore).not.toHaveBeenCalled();
  expect(run).not.toHaveBeenCalled();

  await session(() => session.current());
  expect(getStore).toHaveBeenCalled();
  expect(run).toHaveBeenCalled();
});

describe('token()', () => {
  test('outside of a session is refused, without a question to the primary', async () => {
    const error = await session.token().then(
      () => undefined,
      (thrown: ReadfleetError) => thrown,
    );

    expect(error?.code).toBe('READFLEET_NO_SESSION');
    expect(asked).toBe(0);
  });

  test('of a session that did nothing stands for now', async () => {
    expect(await session(() => session.token())).toBe(formatToken({ timeline: 1, lsn: 101n }, FLEET));
  });

  test('asks again once something was done, and only then', async () => {
    await session(async () => {
      wrote();
      const first = await session.token();
      expect(await session.token()).toBe(first);
      expect(asked).toBe(1);

      wrote();
      expect(await session.token()).not.toBe(first);
      expect(asked).toBe(2);
    });
  });

  test('what ended while it asked is not in it, and the next asks again', async () => {
    await session(async () => {
      let answer: (token: Token) => void = () => undefined;
      position = () =>
        new Promise((resolve) => {
          answer = resolve;
        });
      const early = session.token();
      await settle();
      wrote();
      answer({ timeline: 1, lsn: 5n });
      expect(await early).toBe(formatToken({ timeline: 1, lsn: 5n }, FLEET));

      position = async () => ({ timeline: 1, lsn: 6n });
      expect(await session.token()).toBe(formatToken({ timeline: 1, lsn: 6n }, FLEET));
    });
  });

  test('fails with what kept the primary from answering, and asks again the next time', async () => {
    const error = new Error('the primary is gone');

    await session(async () => {
      position = () => Promise.reject(error);
      await expect(session.token()).rejects.toBe(error);
      position = async () => ({ timeline: 1, lsn: 6n });
      await expect(session.token()).resolves.toBe(formatToken({ timeline: 1, lsn: 6n }, FLEET));
    });
  });
});

describe('resume()', () => {
  const token = formatToken({ timeline: 1, lsn: 500n }, FLEET);

  test('a session that only went on has the same token, and asks nobody', async () => {
    expect(await session.resume(token, () => session.token())).toBe(token);
    expect(asked).toBe(0);
  });

  test('its reads are not older than the token', async () => {
    const refused = (lsn: bigint) =>
      session
        .current()
        ?.refusal({ name: 'blue', incarnation: 0, facts: { sighting: sighting({ lsn }) } }, { timeline: 1 });

    await session.resume(token, () => {
      expect(refused(499n)).toBe('behind the writes of the session');
      expect(refused(500n)).toBeUndefined();
    });
  });

  test('after a failover its reads are not older than the moment of the resume', async () => {
    await clock.advance(1_000);
    const refused = (provenAt: number) =>
      session
        .current()
        ?.refusal(
          { name: 'blue', incarnation: 0, facts: { sighting: sighting({ timeline: 2 }), provenAt } },
          { timeline: 2 },
        );

    await session.resume(token, () => {
      expect(refused(999)).toBe('behind the writes of the session');
      expect(refused(1_000)).toBeUndefined();
    });
  });

  test('what is no token is refused before the work begins', async () => {
    const work = jest.fn();

    await expect(session.resume('rf1.nonsense', work)).rejects.toMatchObject({ code: 'READFLEET_TOKEN_INVALID' });
    await expect(session.resume(undefined as never, work)).rejects.toMatchObject({ code: 'READFLEET_TOKEN_INVALID' });
    expect(work).not.toHaveBeenCalled();
  });
});

describe('open()', () => {
  const token = formatToken({ timeline: 1, lsn: 500n }, FLEET);
  const refusal = (facts: { provenAt?: number; lsn?: bigint }) =>
    session.current()?.refusal(
      {
        name: 'blue',
        incarnation: 0,
        facts: { provenAt: facts.provenAt, sighting: sighting(facts.lsn === undefined ? {} : { lsn: facts.lsn }) },
      },
      { timeline: 1 },
    );

  test('work runs in the session, whatever session the caller is in, and so does what it begins', async () => {
    const held = session.open();
    await session(async () => {
      const outer = session.current();
      const later = held.run(async () => {
        const mine = session.current();
        expect(mine).not.toBe(outer);
        await settle();
        expect(session.current()).toBe(mine);
      });
      expect(session.current()).toBe(outer);
      await later;
    });
    expect(held.run(() => session.current())).toBe(held.run(() => session.current()));
    expect(session.current()).toBeUndefined();
  });

  test('what begins when it is awaited begins in the session, once, wherever it is awaited', async () => {
    const held = session.open();
    const mine = held.run(() => session.current());
    const begunIn: unknown[] = [];
    const builder = {
      // biome-ignore lint/suspicious/noThenProperty: as query builders do
      then(resolve: (value: number) => void) {
        begunIn.push(session.current());
        resolve(42);
      },
    };
    const answer = held.run(() => builder as unknown as Promise<number>);

    expect(await answer).toBe(42);
    expect(await answer).toBe(42);
    expect(begunIn).toEqual([mine]);
    const promise = Promise.resolve(1);
    expect(held.run(() => promise)).toBe(promise);
  });

  test('gives back what the work gives, and throws what it throws', () => {
    const held = session.open();
    expect(held.run(() => 42)).toBe(42);
    expect(() =>
      held.run(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
  });

  test('from a token: it is the token until something is done', async () => {
    const held = session.open(token);
    expect(await held.token()).toBe(token);
    expect(asked).toBe(0);
    held.run(() => {
      expect(refusal({ lsn: 499n })).toBe('behind the writes of the session');
      expect(refusal({ lsn: 500n })).toBeUndefined();
    });
  });

  test('from now: what was committed by then is seen', async () => {
    await clock.advance(1_000);
    session.open('now').run(() => {
      expect(refusal({ provenAt: 999 })).toBe('behind the writes of the session');
      expect(refusal({ provenAt: 1_000 })).toBeUndefined();
    });
  });

  test.each([
    ['nothing', undefined],
    ['a token', token],
    ['now', 'now'],
  ])('from %s: it has written once a write has ended in it, and its token is then a new one', async (_, from) => {
    const held = session.open(from);
    expect(held.hasWritten).toBe(false);
    held.run(wrote);
    expect(held.hasWritten).toBe(true);
    expect(await held.token()).toBe(formatToken({ timeline: 1, lsn: 101n }, FLEET));
  });

  test('a read is no write', () => {
    const held = session.open();
    held.run(() => session.current()?.readFromPrimary(clock.now()));
    expect(held.hasWritten).toBe(false);
  });

  test('what is no token is refused', () => {
    expect(() => session.open('rf1.nonsense')).toThrow(expect.objectContaining({ code: 'READFLEET_TOKEN_INVALID' }));
  });
});
