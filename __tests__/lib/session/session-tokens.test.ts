import { Session } from '../../../lib/session/session';
import { replica, WRITES } from './replicas';

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
