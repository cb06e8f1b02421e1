import fc from 'fast-check';
import { Session, type SessionMember, type SessionPrimary } from '../../../lib/session/session';
import { sighting } from '../../support/sightings';

const PRIMARY: SessionPrimary = { timeline: 1 };
const WRITES = 'behind the writes of the session';
const READS = 'behind earlier reads of the session';

interface Differing {
  readonly name?: string;
  readonly incarnation?: number;
  readonly provenAt?: number | undefined;
  readonly lsn?: bigint | undefined;
  readonly timeline?: number | undefined;
}

/** A replica of which nothing is proved, but for what is said. */
function replica(differing: Differing = {}): SessionMember {
  const { name = 'blue', incarnation = 0, provenAt, ...seen } = differing;
  const proof = provenAt === undefined ? {} : { provenAt };
  return { name, incarnation, facts: { sighting: sighting(seen), ...proof } };
}

test('a session that has done nothing takes any replica, also one of which nothing is proved', () => {
  expect(new Session().refusal(replica(), PRIMARY)).toBeUndefined();
});

describe('after a write', () => {
  const session = new Session();
  session.wrote(100);

  test.each([
    [undefined, WRITES],
    [99, WRITES],
    [100, undefined],
    [101, undefined],
  ])('a replica that is proved to show everything as of %s: %s', (provenAt, refusal) => {
    expect(session.refusal(replica({ provenAt }), PRIMARY)).toBe(refusal);
  });

  test('a write that ended before, told later, lowers nothing', () => {
    session.wrote(50);

    expect(session.refusal(replica({ provenAt: 99 }), PRIMARY)).toBe(WRITES);
  });
});

describe('after a read on a replica', () => {
  const blue = replica({ provenAt: 10 });
  const session = new Session();
  session.readFrom(blue, 100);

  test('the same replica needs no proof: it only goes forward', () => {
    expect(session.refusal(blue, PRIMARY)).toBeUndefined();
  });

  test('once it was lost, it needs proof: a crash may throw it back', () => {
    expect(session.refusal({ ...blue, incarnation: 1 }, PRIMARY)).toBe(READS);
    expect(session.refusal(replica({ incarnation: 1, provenAt: 100 }), PRIMARY)).toBeUndefined();
  });

  test('a member without a position needs proof under the same name: it may be several servers', () => {
    expect(session.refusal(replica({ provenAt: 10, lsn: undefined }), PRIMARY)).toBe(READS);
  });

  test.each([
    [undefined, READS],
    [99, READS],
    [100, undefined],
  ])('another replica, proved as of %s: %s', (provenAt, refusal) => {
    expect(session.refusal(replica({ name: 'green', provenAt }), PRIMARY)).toBe(refusal);
  });
});

test('an answer of a replica that crashed while it was on the way counts for what the replica was then', () => {
  const session = new Session();
  const restarted = replica({ incarnation: 1, provenAt: 10 });

  session.readFrom(restarted, 100, 0);

  expect(session.refusal(restarted, PRIMARY)).toBe(READS);
});

test('reads on two replicas: each needs proof of what the other showed', () => {
  const session = new Session();
  session.readFrom(replica({ name: 'blue' }), 100);
  session.readFrom(replica({ name: 'green' }), 90);

  expect(session.refusal(replica({ name: 'green', provenAt: 99 }), PRIMARY)).toBe(READS);
  expect(session.refusal(replica({ name: 'green', provenAt: 100 }), PRIMARY)).toBeUndefined();
  expect(session.refusal(replica({ name: 'blue', provenAt: 89 }), PRIMARY)).toBe(READS);
});

test('a read on the primary counts for every replica, also for the one that was read last', () => {
  const session = new Session();
  session.readFrom(replica(), 100);
  session.readFromPrimary(200);

  expect(session.refusal(replica({ provenAt: 199 }), PRIMARY)).toBe(READS);
  expect(session.refusal(replica({ provenAt: 200 }), PRIMARY)).toBeUndefined();
});

test('a replica that was read before the write is not excused from it', () => {
  const session = new Session();
  session.readFrom(replica(), 100);
  session.wrote(200);

  expect(session.refusal(replica({ provenAt: 199 }), PRIMARY)).toBe(WRITES);
});

/**
 * Held to a model: replicas at positions in a log of commits, proofs of different age, reads that go wherever a session lets them.
 * What is told here in whole numbers of one clock is the same for any.
 */
test('no read that a session lets pass shows less than it wrote or saw, in whatever order things happen', () => {
  const step = fc.oneof(
    fc.constant({ kind: 'write' as const }),
    fc.constant({ kind: 'foreign write' as const }),
    fc.record({ kind: fc.constant('replay' as const), member: fc.nat(2), upTo: fc.nat(100) }),
    fc.record({ kind: fc.constant('look' as const), member: fc.nat(2) }),
    fc.record({ kind: fc.constant('crash' as const), member: fc.nat(2), back: fc.nat(5) }),
    fc.record({ kind: fc.constant('read' as const), member: fc.nat(3) }),
    fc.constant({ kind: 'token' as const }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let session = new Session();
      let now = 1;
      let head = 0n;
      const servers = [0, 1, 2].map((id) => ({
        name: `r${id}`,
        shows: 0n,
        member: replica({ name: `r${id}`, lsn: 0n }),
      }));
      const server = (index: number) => servers[index] as (typeof servers)[number];
      let mustShow = 0n;
      for (const action of steps) {
        now += 1;
        if (action.kind === 'write' || action.kind === 'foreign write') head += 1n;
        if (action.kind === 'write') {
          session.wrote(now);
          mustShow = head;
        }
        if (action.kind === 'replay') {
          const at = server(action.member);
          at.shows += ((head - at.shows) * BigInt(action.upTo)) / 100n;
        }
        if (action.kind === 'look') {
          const at = server(action.member);
          const provenAt = at.shows === head ? { provenAt: now } : {};
          const { facts } = at.member;
          at.member = {
            ...at.member,
            facts: { ...facts, sighting: sighting({ at: now, lsn: at.shows }), ...provenAt },
          };
        }
        if (action.kind === 'crash') {
          const at = server(action.member);
          at.shows = at.shows > BigInt(action.back) ? at.shows - BigInt(action.back) : 0n;
          // Seen again before anything is asked of it.
          at.member = {
            name: at.name,
            incarnation: at.member.incarnation + 1,
            facts: { sighting: sighting({ lsn: at.shows }) },
          };
        }
        if (action.kind === 'read') {
          const at = servers[action.member];
          if (at === undefined) {
            session.readFromPrimary(now);
            mustShow = head;
          } else if (session.refusal(at.member, PRIMARY) === undefined) {
            expect(at.shows).toBeGreaterThanOrEqual(mustShow);
            session.readFrom(at.member, now);
            mustShow = at.shows > mustShow ? at.shows : mustShow;
          }
        }
        // Goes on in another process, which has asked nobody yet.
        if (action.kind === 'token') session = new Session({ timeline: 1, lsn: head }, now);
        if (action.kind === 'token') mustShow = head;
      }
    }),
    { numRuns: 500 },
  );
});

describe('resumed from a token', () => {
  const session = new Session({ timeline: 2, lsn: 500n }, 100);
  const primary = { timeline: 2 };

  test('a replica that has replayed the position on the same timeline serves at once', () => {
    expect(session.refusal(replica({ timeline: 2, lsn: 500n }), primary)).toBeUndefined();
  });

  test('one that has not does not, whatever is proved of its age: this process may have asked a primary that was replaced', () => {
    expect(session.refusal(replica({ timeline: 2, lsn: 499n, provenAt: 1_000 }), primary)).toBe(WRITES);
  });

  test('the position is enough while the primary is unknown', () => {
    expect(session.refusal(replica({ timeline: 2, lsn: 500n }), { timeline: undefined })).toBeUndefined();
  });

  test('a replica of an older timeline never serves', () => {
    expect(session.refusal(replica({ timeline: 1, lsn: 900n, provenAt: 1_000 }), primary)).toBe(WRITES);
    expect(session.canCatchUp(replica({ timeline: 1 }))).toBe(false);
    expect(session.canCatchUp(replica({ timeline: 2 }))).toBe(true);
  });

  describe('after a failover', () => {
    const after = { timeline: 3 };

    test.each([
      [undefined, WRITES],
      [99, WRITES],
      [100, undefined],
    ])('the position means nothing any more; proved as of %s, resumed at 100: %s', (provenAt, refusal) => {
      expect(session.refusal(replica({ timeline: 3, lsn: 900n, provenAt }), after)).toBe(refusal);
    });
  });

  describe('a replica whose timeline is unknown, for want of pg_monitor', () => {
    test.each([
      [99, WRITES],
      [100, undefined],
    ])('proved as of %s, resumed at 100: %s', (provenAt, refusal) => {
      expect(session.refusal(replica({ timeline: undefined, lsn: 900n, provenAt }), primary)).toBe(refusal);
    });

    test.each([undefined, 1])('never, while the primary is known on timeline %s', (timeline) => {
      expect(session.refusal(replica({ timeline: undefined, provenAt: 1_000 }), { timeline })).toBe(WRITES);
    });

    test('it may come to fit', () => {
      expect(session.canCatchUp(replica({ timeline: undefined }))).toBe(true);
    });
  });

  test('a member without a position is judged by its age', () => {
    expect(session.refusal(replica({ timeline: 2, lsn: undefined, provenAt: 100 }), primary)).toBeUndefined();
    expect(session.refusal(replica({ timeline: 2, lsn: undefined, provenAt: 99 }), primary)).toBe(WRITES);
  });

  test('without the moment of the resume the position alone counts', () => {
    const timeless = new Session({ timeline: 2, lsn: 500n });

    expect(timeless.refusal(replica({ timeline: 3, lsn: 900n, provenAt: 1e9 }), { timeline: 3 })).toBe(WRITES);
    expect(timeless.refusal(replica({ timeline: 2, lsn: 500n }), primary)).toBeUndefined();
  });

  test('of two tokens the later counts, in either order, and the later moment', () => {
    for (const [first, second] of [
      [500n, 600n],
      [600n, 500n],
    ] as const) {
      const twice = new Session({ timeline: 2, lsn: first }, 100);
      twice.resume({ timeline: 2, lsn: second }, 90);

      expect(twice.refusal(replica({ timeline: 2, lsn: 599n }), primary)).toBe(WRITES);
      expect(twice.refusal(replica({ timeline: 2, lsn: 600n }), primary)).toBeUndefined();
      expect(twice.refusal(replica({ timeline: 3, provenAt: 99 }), { timeline: 3 })).toBe(WRITES);
    }
  });

  test('writes of its own come on top', () => {
    const writing = new Session({ timeline: 2, lsn: 500n }, 100);
    writing.wrote(200);

    expect(writing.refusal(replica({ timeline: 2, lsn: 500n, provenAt: 199 }), primary)).toBe(WRITES);
    expect(writing.refusal(replica({ timeline: 2, lsn: 500n, provenAt: 200 }), primary)).toBeUndefined();
  });
});

describe('what a token covers', () => {
  const position = { timeline: 1, lsn: 700n };

  test('a resumed session that did nothing is covered by the token it came with', () => {
    expect(new Session(position, 0).covered).toEqual(position);
  });

  test.each([
    ['wrote', (session: Session) => session.wrote(1)],
    ['read a replica', (session: Session) => session.readFrom(replica(), 1)],
    ['read the primary', (session: Session) => session.readFromPrimary(1)],
    ['was resumed again', (session: Session) => session.resume({ timeline: 1, lsn: 1n }, 1)],
  ])('one that %s is not', (_, act) => {
    const session = new Session(position, 0);
    act(session);

    expect(session.covered).toBeUndefined();
  });

  test('what ended while the primary was asked is not covered', () => {
    const session = new Session();
    session.wrote(1);
    const { done } = session;
    session.wrote(2);
    session.cover(position, done);

    expect(session.covered).toBeUndefined();
    session.cover(position, session.done);
    expect(session.covered).toBe(position);
  });

  test('an answer that comes late does not replace a newer one', () => {
    const session = new Session();
    const early = session.done;
    session.wrote(1);
    session.cover(position, session.done);
    session.cover({ timeline: 1, lsn: 1n }, early);

    expect(session.covered).toBe(position);
  });

  test('on one timeline the primary knows how long its log is: a token beyond it does not live for ever', () => {
    const session = new Session({ timeline: 1, lsn: 0xffffffffffffffffn }, 0);
    session.wrote(1);

    expect(session.cover(position, session.done)).toBe(position);
  });

  test('a primary of an older timeline than the token was replaced: the token stays', () => {
    const token = { timeline: 2, lsn: 5n };
    const session = new Session(token, 0);
    session.readFromPrimary(1);

    expect(session.cover(position, session.done)).toBe(token);
  });
});
