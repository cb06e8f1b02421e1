import type { Recording } from '../../../local/testing/reads/recording';
import type { RecordedStatement } from '../../../local/testing/reads/statement';
import { readFrom, readOnlyFrom, written } from '../../../local/testing/reads/verdict';

function statement(fields: Partial<RecordedStatement> = {}): RecordedStatement {
  const plain = { text: 'select 1', kind: 'read', member: 'replica-1', role: 'replica', reason: 'replica' } as const;
  return { ...plain, error: undefined, ...fields };
}

function recording(...statements: RecordedStatement[]): Recording {
  const of = (kind: string) => statements.filter((one) => one.kind === kind);
  const reads = of('read').filter(({ member }) => member !== undefined);
  const members = ['primary', 'replica-1', 'replica-2'];
  return { statements, reads, writes: of('write'), members } as unknown as Recording;
}

const onReplica = statement();
const onPrimary = statement({
  text: 'select *\n  from orders',
  member: 'primary',
  role: 'primary',
  reason: 'replica-1: behind the writes of the session',
});
const write = statement({
  text: "select nextval('ids')",
  kind: 'write',
  member: 'primary',
  role: 'primary',
  reason: 'volatile function nextval',
});

describe('a read from a replica', () => {
  test('is one that a replica answered, whatever else was read', () => {
    expect(readFrom(recording(onPrimary, onReplica), 'replica').pass).toBe(true);
  });

  test('by name is one of that replica', () => {
    expect(readFrom(recording(onReplica), 'replica-1').pass).toBe(true);
    expect(readFrom(recording(onReplica), 'replica-2').pass).toBe(false);
  });

  test('is missing where the primary answered, and the message says why it did', () => {
    expect(readFrom(recording(onPrimary), 'replica')).toEqual({
      pass: false,
      message:
        'expected a read from a replica, but "select * from orders" ran on the primary: replica-1: behind the writes of the session',
    });
  });

  test('is missing where it is taken for a write, and the message says what makes it one', () => {
    expect(readFrom(recording(write), 'replica').message).toBe(
      'expected a read from a replica, but "select nextval(\'ids\')" went to the primary, ' +
        'since readfleet does not take it for a read: volatile function nextval',
    );
  });

  test('is missing where it failed, and the message says how', () => {
    const failed = statement({ member: undefined, role: undefined, error: new Error('no such table') });
    expect(readFrom(recording(failed), 'replica').message).toBe(
      'expected a read from a replica, but "select 1" failed: no such table',
    );
  });

  test('is missing while nobody has answered', () => {
    const underWay = statement({ member: undefined, role: undefined });
    expect(readFrom(recording(underWay), 'replica').message).toMatch('"select 1" was not answered yet');
  });

  test('is missing where nothing was read at all', () => {
    expect(readFrom(recording(), 'replica').message).toBe('expected a read from a replica, but nothing was read');
  });

  test('was not wanted: the message says who answered', () => {
    expect(readFrom(recording(onReplica), 'replica')).toEqual({
      pass: true,
      message: 'expected no read from a replica, but "select 1" ran on replica-1',
    });
  });
});

test('several statements have a line each', () => {
  expect(readFrom(recording(onReplica, onReplica), 'primary').message).toBe(
    'expected a read from the primary, but \n  "select 1" ran on replica-1\n  "select 1" ran on replica-1',
  );
});

test('a long statement is cut', () => {
  const long = statement({ text: `select ${'x'.repeat(200)}` });
  const text = /"(.*)"/.exec(readFrom(recording(long), 'primary').message)?.[1];
  expect(text).toHaveLength(80);
  expect(text).toMatch(/…$/);
});

describe('a name that no member has', () => {
  const wrong = ['Replica', 'replica1', 'primaryy', '', undefined, null, {}, 5];

  test.each(wrong)('%p is refused, whatever was read: it would never be read from', (where) => {
    for (const verdict of [readFrom, readOnlyFrom])
      for (const read of [recording(), recording(onReplica), recording(onPrimary)])
        expect(() => verdict(read, where as string)).toThrow(
          expect.objectContaining({ code: 'READFLEET_LOCAL_NO_MEMBER' }),
        );
  });

  test('is told with those that there are', () => {
    expect(() => readFrom(recording(onReplica), 'replica1')).toThrow(
      "Reads come from 'replica', 'primary' or the name of a member, got: 'replica1'. The fleet has or had: primary, replica-1, replica-2.",
    );
  });
});

test("'replicas' is the same as 'replica'", () => {
  for (const verdict of [readFrom, readOnlyFrom])
    for (const read of [recording(), recording(onReplica), recording(onPrimary)])
      expect(verdict(read, 'replicas')).toEqual(verdict(read, 'replica'));
});

describe('reads from replicas only', () => {
  test('are reads that replicas answered, all of them', () => {
    expect(readOnlyFrom(recording(onReplica, onReplica, write), 'replica').pass).toBe(true);
    expect(readOnlyFrom(recording(onReplica, onPrimary), 'replica').pass).toBe(false);
  });

  test('are not where nothing was read: it would hold for a page that is broken', () => {
    expect(readOnlyFrom(recording(), 'replica')).toEqual({
      pass: false,
      message: 'expected reads from a replica only, but nothing was read',
    });
  });

  test('name the ones that were not', () => {
    expect(readOnlyFrom(recording(onReplica, onPrimary), 'replica').message).toBe(
      'expected reads from a replica only, but "select * from orders" ran on the primary: replica-1: behind the writes of the session',
    );
  });

  test('were not wanted', () => {
    expect(readOnlyFrom(recording(onReplica), 'replica').message).toBe(
      'expected a read from elsewhere than a replica, or none, but "select 1" ran on replica-1',
    );
  });
});

test('a write is what was sent to the primary because it may write', () => {
  expect(written(recording(write)).pass).toBe(true);
  expect(written(recording(write)).message).toMatch(/^expected no write, but "select nextval/);
  expect(written(recording(onPrimary))).toEqual({ pass: false, message: 'expected a write, but there was none' });
});
