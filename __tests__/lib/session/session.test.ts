import { Session } from '../../../lib/session/session';
import { now, PRIMARY, READS, type Replica, replica, WRITES } from './replicas';

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
