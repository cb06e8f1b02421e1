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
function replica(differing: Differing = {}): Replica {
  const { name = 'blue', incarnation = 0, provenAt, ...seen } = differing;
  const proof = provenAt === undefined ? {} : { provenAt };
  return { name, incarnation, facts: { sighting: sighting(seen), ...proof } };
}

/** What changes of a member, on the same one. */
type Replica = { -readonly [Key in keyof SessionMember]: SessionMember[Key] };

function now(member: Replica, differing: Differing): Replica {
  const { incarnation, facts } = replica(differing);
  return Object.assign(member, { incarnation, facts });
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
  let blue: Replica;
  let session: Session;

  beforeEach(() => {
    blue = replica({ provenAt: 10 });
    session = new Session();
    session.readFrom(blue, 100);
  });

  test('the same replica needs no proof: it only goes forward', () => {
    expect(session.refusal(blue, PRIMARY)).toBeUndefined();
  });

  test('once it was lost, it needs proof: a crash may throw it back', () => {
    expect(session.refusal(now(blue, { incarnation: 1, provenAt: 99 }), PRIMARY)).toBe(READS);
    expect(session.refusal(now(blue, { incarnation: 1, provenAt: 100 }), PRIMARY)).toBeUndefined();
  });

  test('another server that came under its name needs proof', () => {
    expect(session.refusal(replica({ provenAt: 10 }), PRIMARY)).toBe(READS);
  });

  test('without a position it needs proof: it may be several servers', () => {
    expect(session.refusal(now(blue, { provenAt: 10, lsn: undefined }), PRIMARY)).toBe(READS);
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

test('such an answer does not count for what the replica is now, also when it was read anew meanwhile', () => {
  const blue = replica({ incarnation: 1, provenAt: 10 });
  const session = new Session();
  session.readFrom(blue, 90);
  session.readFrom(blue, 100, 0);

  expect(session.refusal(blue, PRIMARY)).toBe(READS);
});

test('reads on two replicas: each needs proof of what the other showed', () => {
  const [blue, green] = [replica({ name: 'blue' }), replica({ name: 'green' })];
  const session = new Session();
  session.readFrom(blue, 100);
  session.readFrom(green, 90);

  expect(session.refusal(now(green, { provenAt: 99 }), PRIMARY)).toBe(READS);
  expect(session.refusal(now(green, { provenAt: 100 }), PRIMARY)).toBeUndefined();
  expect(session.refusal(now(blue, { provenAt: 89 }), PRIMARY)).toBe(READS);
});

test('a read on the primary counts for every replica, also for the one that was read last', () => {
  const blue = replica();
  const session = new Session();
  session.readFrom(blue, 100);
  session.readFromPrimary(200);

  expect(session.refusal(now(blue, { provenAt: 199 }), PRIMARY)).toBe(READS);
  expect(session.refusal(now(blue, { provenAt: 200 }), PRIMARY)).toBeUndefined();
});

test('what is told late, of an end before the last, lowers nothing', () => {
  const [blue, green] = [replica({ name: 'blue' }), replica({ name: 'green' })];
  const session = new Session();
  session.readFrom(blue, 100);
  session.readFromPrimary(200);
  session.readFromPrimary(150);
  session.readFrom(green, 300);

  expect(session.refusal(now(green, { provenAt: 199 }), PRIMARY)).toBe(READS);
  expect(session.refusal(now(green, { provenAt: 200 }), PRIMARY)).toBeUndefined();
});

test('of two reads on one replica the later end is what another must show', () => {
  const blue = replica();
  const session = new Session();
  session.readFrom(blue, 100);
  session.readFrom(blue, 50);

  expect(session.refusal(replica({ name: 'green', provenAt: 99 }), PRIMARY)).toBe(READS);
});

test('a replica that was read before the write is not excused from it', () => {
  const blue = replica();
  const session = new Session();
  session.readFrom(blue, 100);
  session.wrote(200);

  expect(session.refusal(now(blue, { provenAt: 199 }), PRIMARY)).toBe(WRITES);
});

describe('held to a model: replicas at positions in a log, proofs of different age, reads that go wherever the session lets them', () => {
  const server = fc.nat(2);
  const step = fc.oneof(
    fc.constant({ kind: 'write' as const }),
    fc.constant({ kind: "others' write" as const }),
    fc.record({ kind: fc.constant('replay' as const), server, percent: fc.nat(100) }),
    fc.record({ kind: fc.constant('look' as const), server }),
    fc.record({ kind: fc.constant('crash' as const), server, back: fc.nat(5) }),
    fc.record({ kind: fc.constant('begin' as const), server }),
    fc.constant({ kind: 'end' as const }),
    fc.constant({ kind: 'read the primary' as const }),
    fc.constant({ kind: 'go on in another process' as const }),
  );

  /** A read under way: what it will show, what it has to show, and on whom. */
  interface UnderWay {
    readonly on: Replica;
    readonly incarnation: number;
    readonly shows: bigint;
  }

  test('no read shows less than what was written or seen before it began, in whatever order things happen', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const servers = [0, 1, 2].map((id) => ({ shows: 0n, member: replica({ name: `r${id}`, lsn: 0n }) }));
        const serverAt = (index: number) => servers[index] as (typeof servers)[number];
        let session = new Session();
        let head = 0n;
        let mustShow = 0n;
        let underWay: UnderWay[] = [];
        steps.forEach((action, index) => {
          const time = index + 1;
          switch (action.kind) {
            case 'write':
              head += 1n;
              mustShow = head;
              session.wrote(time);
              break;
            case "others' write":
              head += 1n;
              break;
            case 'replay': {
              const at = serverAt(action.server);
              at.shows += ((head - at.shows) * BigInt(action.percent)) / 100n;
              break;
            }
            case 'look': {
              const { member, shows } = serverAt(action.server);
              const proof = shows === head ? { provenAt: time } : {};
              member.facts = { ...member.facts, sighting: sighting({ at: time, lsn: shows }), ...proof };
              break;
            }
            case 'crash': {
              const at = serverAt(action.server);
              at.shows = at.shows > BigInt(action.back) ? at.shows - BigInt(action.back) : 0n;
              // Seen again before anything is asked of it.
              now(at.member, { incarnation: at.member.incarnation + 1, lsn: at.shows });
              break;
            }
            case 'begin': {
              const { member, shows } = serverAt(action.server);
              if (session.refusal(member, PRIMARY) !== undefined) break;
              expect(shows).toBeGreaterThanOrEqual(mustShow);
              underWay.push({ on: member, incarnation: member.incarnation, shows });
              break;
            }
            case 'end': {
              const read = underWay.shift();
              if (!read) break;
              session.readFrom(read.on, time, read.incarnation);
              if (read.shows > mustShow) mustShow = read.shows;
              break;
            }
            case 'read the primary':
              mustShow = head;
              session.readFromPrimary(time);
              break;
            case 'go on in another process':
              mustShow = head;
              session = new Session({ timeline: 1, lsn: head }, time);
              underWay = [];
          }
        });
      }),
      { numRuns: 1_000 },
    );
  });
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
