import { setImmediate as turn } from 'node:timers/promises';
import { ReadfleetError } from '../../../lib/errors';
import type { Session } from '../../../lib/session/session';
import { BUSY, FakeFleet, FakeMember, LOST, sqlError } from './fakes';

const ROWS = [{ one: 1 }];

function member(fleet: FakeFleet, name: string): FakeMember {
  return fleet.member(name);
}

/** How often each member was asked. */
function asked(fleet: FakeFleet): Record<string, number> {
  return Object.fromEntries([fleet.writer, ...fleet.readers].map(({ name, works }) => [name, works.length]));
}

function onReplicas({ readers }: FakeFleet): number {
  return readers.reduce((sum, { works }) => sum + works.length, 0);
}

test('most reads end with the first answer, and that member alone was asked', () => {
  const fleet = new FakeFleet();
  const read = fleet.read();
  member(fleet, 'blue').last.answer(ROWS);
  expect(read.rows).toEqual(ROWS);
  expect(fleet.told).toEqual(['blue as replica', 'answered by blue']);
  expect(member(fleet, 'blue').counters).toEqual({ reads: 1, writes: 0, errors: 0 });
  expect(fleet.clock.timers).toBe(0);
});

describe('another member is asked', () => {
  test.each<[string, Error, boolean]>([
    ['is lost', LOST, true],
    ['has no connection free', BUSY, false],
    ['has no connection left at its server', sqlError('53300'), false],
    ['cancels the read to go on replaying', sqlError('40001'), false],
    ['cancels the read as a deadlock with replay', sqlError('40P01'), false],
  ])('when the first %s', (_, error, lost) => {
    const fleet = new FakeFleet();
    const read = fleet.read();
    member(fleet, 'blue').last.fail(error);
    member(fleet, 'green').last.answer(ROWS);
    expect(read.rows).toEqual(ROWS);
    expect(member(fleet, 'blue').counters.errors).toBe(1);
    expect(fleet.told.includes('lost blue')).toBe(lost);
  });

  test('one after the other, the primary at last, and each error is told when nobody could', () => {
    const fleet = new FakeFleet();
    const read = fleet.read();
    for (const name of ['blue', 'green', 'primary']) member(fleet, name).last.fail(LOST);
    expect(read.error).toMatchObject({
      code: 'READFLEET_NO_MEMBER',
      cause: LOST,
      trace: {
        attempts: ['blue', 'green', 'primary'].map((name) => ({ member: name, error: 'read ECONNRESET' })),
        passedOver: [],
      },
    });
    expect((read.error as Error).message).toContain('green was asked: read ECONNRESET');
    expect(asked(fleet)).toEqual({ primary: 1, blue: 1, green: 1 });
    expect(fleet.told.at(-1)).toBe('ended');
    expect(fleet.bulkhead.active).toBe(0);
  });

  test('only while the budget of retries lasts', () => {
    const fleet = new FakeFleet({ retries: { ratio: 0, floorPerSecond: 0, burst: 1 } });
    const first = fleet.read();
    member(fleet, 'blue').last.fail(LOST);
    member(fleet, 'green').last.answer(ROWS);
    expect(first.rows).toEqual(ROWS);

    const second = fleet.read();
    const { works, name } = member(fleet, 'blue').works.length > 1 ? member(fleet, 'blue') : member(fleet, 'green');
    works.at(-1)?.fail(LOST);
    expect(second.error).toMatchObject({
      code: 'READFLEET_RETRIES_SPENT',
      cause: LOST,
      trace: { attempts: [{ member: name, error: 'read ECONNRESET' }] },
    });
    expect(asked(fleet).primary).toBe(0);
  });

  test('not once the fleet is closed', () => {
    const fleet = new FakeFleet();
    fleet.closed = new ReadfleetError('READFLEET_CLOSED', 'closed');
    const read = fleet.read();
    member(fleet, 'blue').last.fail(LOST);
    expect(read.error).toBe(fleet.closed);
    expect(asked(fleet)).toEqual({ primary: 0, blue: 1, green: 0 });
  });

  test('a strong read asks the primary once more, whose first connection may have been dead, and nobody else', () => {
    const fleet = new FakeFleet();
    const read = fleet.read({ toPrimary: 'strong' });
    fleet.writer.last.fail(LOST);
    fleet.writer.last.fail(LOST);
    expect(read.error).toMatchObject({ code: 'READFLEET_NO_MEMBER' });
    expect(asked(fleet)).toEqual({ primary: 2, blue: 0, green: 0 });
  });
});

describe('an error of the statement is the caller’s at once', () => {
  test.each(['42601', '22012', '57014', 'P0001'])('%s', (code) => {
    const fleet = new FakeFleet();
    const read = fleet.read();
    const error = sqlError(code);
    member(fleet, 'blue').last.fail(error);
    expect(read.error).toBe(error);
    expect(asked(fleet)).toEqual({ primary: 0, blue: 1, green: 0 });
    expect(member(fleet, 'blue').counters.errors).toBe(0);
  });

  test.each(['40001', '25006', '42P01'])('%s too, where the primary says it', (code) => {
    const fleet = new FakeFleet();
    const read = fleet.read({ toPrimary: 'strong' });
    fleet.writer.last.fail(sqlError(code));
    expect(read.error).toMatchObject({ code });
    expect(asked(fleet)).toEqual({ primary: 1, blue: 0, green: 0 });
  });
});

describe('what a standby refuses', () => {
  test.each(['25006', '0A000', '55000', 'XX000'])('%s: the primary runs it, and that is learned', (code) => {
    const fleet = new FakeFleet();
    const read = fleet.read();
    member(fleet, 'blue').last.fail(sqlError(code));
    expect(fleet.refusals).toEqual([]);
    fleet.writer.last.answer(ROWS);
    expect(read.rows).toEqual(ROWS);
    expect(fleet.refusals).toEqual(['select 1']);
    expect(asked(fleet)).toEqual({ primary: 1, blue: 1, green: 0 });
    expect(fleet.told.at(-1)).toBe('answered by primary');
    expect(fleet.writer.counters.reads).toBe(1);
  });

  test('and the primary does too is the caller’s, and not learned', () => {
    const fleet = new FakeFleet();
    const read = fleet.read();
    member(fleet, 'blue').last.fail(sqlError('0A000'));
    const error = sqlError('0A000');
    fleet.writer.last.fail(error);
    expect(read.error).toBe(error);
    expect(fleet.refusals).toEqual([]);
  });

  test('of a statement that is not proved to be a read is the caller’s to mend', () => {
    const fleet = new FakeFleet();
    const read = fleet.read({}, false);
    member(fleet, 'blue').last.fail(sqlError('25006'));
    expect(read.error).toMatchObject({ code: '25006' });
    expect(asked(fleet).primary).toBe(0);
  });

  test('is not sent to a primary that a person keeps out', () => {
    const fleet = new FakeFleet();
    fleet.writer.forcedOpen = true;
    const read = fleet.read();
    member(fleet, 'blue').last.fail(sqlError('25006'));
    expect(read.error).toMatchObject({ code: '25006' });
    expect(asked(fleet).primary).toBe(0);
  });
});

describe('a name that a standby does not know', () => {
  test.each(['42P01', '42703', '42883', '42704', '3F000'])(
    '%s may be known to the primary, and nothing is learned',
    (code) => {
      const fleet = new FakeFleet();
      const read = fleet.read();
      member(fleet, 'blue').last.fail(sqlError(code));
      fleet.writer.last.answer(ROWS);
      expect(read.rows).toEqual(ROWS);
      expect(fleet.refusals).toEqual([]);
    },
  );

  test('when the primary is lost, both are told', () => {
    const fleet = new FakeFleet();
    const read = fleet.read();
    const unknown = sqlError('42P01');
    member(fleet, 'blue').last.fail(unknown);
    fleet.writer.last.fail(LOST);
    expect(read.error).toMatchObject({
      code: 'READFLEET_NO_MEMBER',
      trace: {
        attempts: [
          { member: 'blue', error: unknown.message },
          { member: 'primary', error: LOST.message },
        ],
      },
    });
    expect(fleet.told).toContain('lost primary');
  });
});

describe('the primary takes what no replica can', () => {
  test('through the bulkhead, and holds its place until it has answered', () => {
    const fleet = new FakeFleet({ replicas: ['blue'], bulkhead: { max: 1 } });
    member(fleet, 'blue').facts = {};
    const [first, second] = [fleet.read(), fleet.read()];
    expect(asked(fleet).primary).toBe(1);
    expect(fleet.bulkhead).toMatchObject({ active: 1, queued: 1 });
    fleet.writer.last.answer(ROWS);
    fleet.writer.last.answer(ROWS);
    expect([first.rows, second.rows]).toEqual([ROWS, ROWS]);
    expect(fleet.bulkhead).toMatchObject({ active: 0, queued: 0 });
  });

  test('and gives its place back when it fails', () => {
    const fleet = new FakeFleet({ replicas: ['blue'] });
    member(fleet, 'blue').facts = {};
    const read = fleet.read();
    fleet.writer.last.fail(sqlError('42601'));
    expect(read.error).toMatchObject({ code: '42601' });
    expect(fleet.bulkhead.active).toBe(0);
  });

  test('what it cannot bear is shed, and the error says so, not before the event loop has turned', async () => {
    const fleet = new FakeFleet({ replicas: ['blue'], bulkhead: { max: 1, queue: 0 } });
    member(fleet, 'blue').facts = {};
    fleet.read();
    const shed = fleet.read();
    expect(shed.error).toBeUndefined();
    await turn();
    expect(shed.error).toMatchObject({ code: 'READFLEET_SHED' });
    expect(fleet.told).toContain('shed: READFLEET_SHED');
  });

  test('what it cannot bear is tried on a replica whose breaker is open, rather than nowhere', () => {
    const fleet = new FakeFleet({ replicas: ['blue'], bulkhead: { max: 1, queue: 0 } });
    member(fleet, 'blue').allows = () => false;
    fleet.read();
    const other = fleet.read();
    member(fleet, 'blue').last.answer(ROWS);
    expect(other.rows).toEqual(ROWS);
    expect(fleet.told).toContain('blue as last resort');
  });

  test('a read that asked for the primary passes no bulkhead, nor one of a fleet without replicas', () => {
    for (const [fleet, wanted] of [
      [new FakeFleet({ bulkhead: { max: 1, queue: 0 } }), { toPrimary: 'strong' }],
      [new FakeFleet({ bulkhead: { max: 1, queue: 0 } }), { toPrimary: 'switched off' }],
      [new FakeFleet({ replicas: [], bulkhead: { max: 1, queue: 0 } }), {}],
    ] as const) {
      const reads = [1, 2, 3].map(() => fleet.read(wanted));
      for (const work of fleet.writer.works) work.answer(ROWS);
      expect(reads.map(({ rows }) => rows)).toEqual([ROWS, ROWS, ROWS]);
    }
  });

  test('a read that waits for its place while another becomes the primary is sent to that one', () => {
    const fleet = new FakeFleet({ replicas: ['blue'], bulkhead: { max: 1 } });
    member(fleet, 'blue').facts = {};
    const former = fleet.writer;
    fleet.read();
    const waiting = fleet.read();
    const promoted = new FakeMember('red', 'primary');
    fleet.writer = promoted;
    former.last.answer(ROWS);
    expect(former.works).toHaveLength(1);
    promoted.last.answer(ROWS);
    expect(waiting.rows).toEqual(ROWS);
  });
});

describe('a read’s own time', () => {
  test('ends it, with everybody who was asked, and cancels what is under way', async () => {
    const fleet = new FakeFleet();
    const read = fleet.read({ timeoutMs: 100 });
    member(fleet, 'blue').last.fail(LOST);
    await fleet.clock.advance(99);
    expect(read.settled).toBe(false);
    await fleet.clock.advance(1);
    expect(read.error).toMatchObject({
      code: 'READFLEET_TIMEOUT',
      cause: LOST,
      trace: {
        attempts: [
          { member: 'blue', error: 'read ECONNRESET' },
          { member: 'green', error: 'no answer within the time' },
        ],
        passedOver: [],
      },
    });
    expect((read.error as Error).message).toContain('within its 100 ms');
    expect(member(fleet, 'green').last.cancelled).toBe(true);
  });

  test('covers the wait for the primary, and its place there is given up', async () => {
    const fleet = new FakeFleet({ replicas: ['blue'], bulkhead: { max: 1 } });
    member(fleet, 'blue').facts = {};
    fleet.read();
    const waiting = fleet.read({ timeoutMs: 100 });
    await fleet.clock.advance(100);
    expect(waiting.error).toMatchObject({
      code: 'READFLEET_TIMEOUT',
      trace: { passedOver: [{ member: 'blue', reason: 'not seen yet' }] },
    });
    expect(fleet.bulkhead.queued).toBe(0);
    expect(asked(fleet).primary).toBe(1);
  });

  test('covers what a standby could not do and the primary does', async () => {
    const fleet = new FakeFleet();
    const read = fleet.read({ timeoutMs: 100 });
    member(fleet, 'blue').last.fail(sqlError('42P01'));
    await fleet.clock.advance(100);
    expect(read.error).toMatchObject({ code: 'READFLEET_TIMEOUT' });
    expect(fleet.writer.last.cancelled).toBe(true);
  });

  test('is over with the answer: no timer stays', () => {
    const fleet = new FakeFleet();
    fleet.read({ timeoutMs: 100, attemptTimeoutMs: 50, hedge: true });
    expect(fleet.clock.timers).toBeGreaterThan(0);
    member(fleet, 'blue').last.answer(ROWS);
    expect(fleet.clock.timers).toBe(0);
  });
});

describe('a signal', () => {
  test('that has aborted before sends nothing', async () => {
    const fleet = new FakeFleet();
    const reason = new Error('left');
    const read = fleet.read({ signal: AbortSignal.abort(reason) });
    await turn();
    expect(read.error).toBe(reason);
    expect(asked(fleet)).toEqual({ primary: 0, blue: 0, green: 0 });
    expect(fleet.told).toEqual(['ended']);
  });

  test('ends the read with its own reason, whatever that is, and cancels it', () => {
    const fleet = new FakeFleet();
    const controller = new AbortController();
    const read = fleet.read({ signal: controller.signal });
    controller.abort('a text');
    expect(read.error).toBe('a text');
    expect(member(fleet, 'blue').last.cancelled).toBe(true);
    expect(member(fleet, 'blue').counters.errors).toBe(0);
  });

  test('is listened to no longer than the read', () => {
    const controller = new AbortController();
    const { signal } = controller;
    const added = jest.spyOn(signal, 'addEventListener');
    const removed = jest.spyOn(signal, 'removeEventListener');
    const fleet = new FakeFleet();
    fleet.read({ signal });
    member(fleet, 'blue').last.answer(ROWS);
    fleet.read({ signal });
    member(fleet, 'green').last.fail(sqlError('42601'));
    expect(added).toHaveBeenCalledTimes(2);
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      added.mock.calls.map(([, listener]) => listener),
    );
  });

  test('frees the place at the bulkhead', () => {
    const fleet = new FakeFleet({ replicas: ['blue'], bulkhead: { max: 1 } });
    member(fleet, 'blue').facts = {};
    const controller = new AbortController();
    fleet.read({ signal: controller.signal });
    const next = fleet.read();
    controller.abort();
    fleet.writer.last.answer(ROWS);
    expect(next.rows).toEqual(ROWS);
    expect(fleet.bulkhead.active).toBe(0);
  });
});

describe('an attempt’s own time', () => {
  test('has another member asked, and cancels the slow one, which counts as an error of it', async () => {
    const fleet = new FakeFleet();
    const read = fleet.read({ attemptTimeoutMs: 50 });
    await fleet.clock.advance(50);
    expect(member(fleet, 'blue').last.cancelled).toBe(true);
    expect(member(fleet, 'blue').counters.errors).toBe(1);
    expect(member(fleet, 'blue').load.latencyMs(fleet.clock.now())).toBe(1_000);
    member(fleet, 'green').last.answer(ROWS);
    expect(read.rows).toEqual(ROWS);
  });

  test('is no limit to the primary, which nobody stands behind', async () => {
    const fleet = new FakeFleet();
    const read = fleet.read({ attemptTimeoutMs: 50 });
    await fleet.clock.advance(50);
    await fleet.clock.advance(50);
    await fleet.clock.advance(1_000);
    expect(fleet.writer.last.cancelled).toBe(false);
    fleet.writer.last.answer(ROWS);
    expect(read.rows).toEqual(ROWS);
  });

  test('of an attempt that has ended says nothing', async () => {
    const fleet = new FakeFleet();
    const read = fleet.read({ attemptTimeoutMs: 50 });
    await fleet.clock.advance(30);
    member(fleet, 'blue').last.fail(LOST);
    await fleet.clock.advance(30);
    member(fleet, 'green').last.answer(ROWS);
    expect(read.rows).toEqual(ROWS);
    expect(asked(fleet)).toEqual({ primary: 0, blue: 1, green: 1 });
  });
});

describe('a hedged read', () => {
  const SLOW = 100;

  /** Knows that one read in twenty takes longer than some 10 ms. */
  async function experienced(options = {}): Promise<FakeFleet> {
    const fleet = new FakeFleet(options);
    await fleet.seen(100, 10);
    return fleet;
  }

  /** Who was asked first, and who second, if anybody. */
  function order(fleet: FakeFleet): [FakeMember, FakeMember] {
    const [blue, green] = [member(fleet, 'blue'), member(fleet, 'green')];
    return fleet.told[0] === 'blue as replica' ? [blue, green] : [green, blue];
  }

  test('asks a second member when the first is slow, takes the first answer, and cancels the other', async () => {
    const fleet = await experienced();
    const read = fleet.read({ hedge: true });
    const [first, second] = order(fleet);
    await fleet.clock.advance(SLOW);
    second.last.answer(ROWS);
    expect(read.rows).toEqual(ROWS);
    expect(first.last.cancelled).toBe(true);
    expect(first.counters.errors).toBe(0);
    expect(fleet.told).toContain(`hedged on ${second.name}`);
  });

  test('takes the first member’s answer too, and cancels the hedge', async () => {
    const fleet = await experienced();
    const read = fleet.read({ hedge: true });
    const [first, second] = order(fleet);
    await fleet.clock.advance(SLOW);
    first.last.answer(ROWS);
    expect(read.rows).toEqual(ROWS);
    expect(second.last.cancelled).toBe(true);
  });

  test('goes on with the other when one is lost, and asks a third only when both are', async () => {
    const fleet = await experienced();
    const read = fleet.read({ hedge: true });
    const [first, second] = order(fleet);
    await fleet.clock.advance(SLOW);
    first.last.fail(LOST);
    expect(read.settled).toBe(false);
    expect(asked(fleet).primary).toBe(0);
    second.last.fail(LOST);
    fleet.writer.last.answer(ROWS);
    expect(read.rows).toEqual(ROWS);
  });

  test('is not hedged until a hundred reads were seen', async () => {
    const fleet = new FakeFleet();
    await fleet.seen(99, 10);
    fleet.read({ hedge: true });
    const [, second] = order(fleet);
    await fleet.clock.advance(SLOW);
    expect(second.works).toEqual([]);
  });

  test('is hedged once, however slow both are', async () => {
    const fleet = await experienced({ replicas: ['blue', 'green', 'red'] });
    fleet.read({ hedge: true });
    await fleet.clock.advance(60_000);
    expect(fleet.readers.map(({ works }) => works.length).sort()).toEqual([0, 1, 1]);
  });

  test('is never hedged on the primary', async () => {
    const fleet = await experienced({ replicas: ['blue'] });
    fleet.read({ hedge: true });
    await fleet.clock.advance(SLOW);
    expect(asked(fleet)).toEqual({ primary: 0, blue: 1 });

    const strong = await experienced();
    strong.read({ hedge: true, toPrimary: 'strong' });
    await strong.clock.advance(SLOW);
    expect(asked(strong)).toEqual({ primary: 1, blue: 0, green: 0 });
  });

  test('is not hedged when it is not proved to be a read', async () => {
    const fleet = await experienced();
    fleet.read({ hedge: true }, false);
    await fleet.clock.advance(SLOW);
    expect(onReplicas(fleet)).toBe(1);
  });

  test('costs one read in twenty at most, when all are slow', async () => {
    const fleet = await experienced();
    for (let turn = 0; turn < 200; turn += 1) fleet.read({ hedge: true });
    await fleet.clock.advance(SLOW);
    const hedges = fleet.told.filter((told) => told.startsWith('hedged')).length;
    expect(hedges).toBeGreaterThan(0);
    expect(hedges).toBeLessThanOrEqual((200 + 100) / 20);
    expect(onReplicas(fleet)).toBe(200 + hedges);
  });
});

describe('a read that waits for its session', () => {
  /** Resolves the wait. */
  function waiting(fleet: FakeFleet): () => void {
    const { promise, resolve } = deferred();
    Object.assign(fleet.context, { sessionWaitMs: () => 10, caughtUp: () => promise });
    return resolve;
  }

  function deferred() {
    let resolve: () => void = () => undefined;
    const promise = new Promise<void>((settle) => {
      resolve = settle;
    });
    return { promise, resolve };
  }

  const session = { refusal: () => undefined } as unknown as Session;

  test('is sent when a replica has caught up, or the time is over', async () => {
    const fleet = new FakeFleet();
    const caughtUp = waiting(fleet);
    fleet.read({ session });
    expect(onReplicas(fleet)).toBe(0);
    caughtUp();
    await fleet.clock.advance(0);
    expect(onReplicas(fleet)).toBe(1);
  });

  test('is not sent when it was given up meanwhile', async () => {
    const fleet = new FakeFleet();
    const caughtUp = waiting(fleet);
    const controller = new AbortController();
    const read = fleet.read({ session, signal: controller.signal });
    controller.abort();
    caughtUp();
    await fleet.clock.advance(0);
    expect(read.settled).toBe(true);
    expect(onReplicas(fleet)).toBe(0);
  });
});
