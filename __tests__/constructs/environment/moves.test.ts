import fc from 'fast-check';
import { environmentProblems } from '../../../constructs';
import { moveProblems } from '../../../constructs/environment/moves';
import { input } from '../support/environments';

const A = 'aws_db_instance.replica-a';
const B = 'aws_db_instance.replica-b';
const C = 'aws_db_instance.replica-c';

const told = (...moves: readonly (readonly [from: string, to: string])[]) =>
  moveProblems(
    moves.map(([from, to]) => ({ from, to })),
    'moved',
  ).map(({ code, path }) => [code, path]);

test.each([
  ['no moves', []],
  ['one', [[A, B]]],
  [
    'two beside each other',
    [
      [A, B],
      [C, 'aws_db_instance.replica-d'],
    ],
  ],
  [
    'a chain',
    [
      [A, B],
      [B, C],
    ],
  ],
  [
    'a chain told backwards',
    [
      [B, C],
      [A, B],
    ],
  ],
] as const)('%s are right', (_, moves) => {
  expect(told(...moves)).toEqual([]);
});

test.each([
  ['to where it is', [[A, A]], [['READFLEET_MOVED_NOWHERE', 'moved[0].to']]],
  [
    'from one place to two',
    [
      [A, B],
      [A, C],
    ],
    [['READFLEET_MOVED_TWICE', 'moved[1].from']],
  ],
  [
    'from two places to one',
    [
      [A, C],
      [B, C],
    ],
    [['READFLEET_MOVED_TWICE', 'moved[1].to']],
  ],
  [
    'twice the same',
    [
      [A, B],
      [A, B],
    ],
    [
      ['READFLEET_MOVED_TWICE', 'moved[1].from'],
      ['READFLEET_MOVED_TWICE', 'moved[1].to'],
    ],
  ],
  [
    'to and fro',
    [
      [A, B],
      [B, A],
    ],
    [['READFLEET_MOVED_IN_A_CIRCLE', 'moved[1].to']],
  ],
  [
    'in a circle of three',
    [
      [A, B],
      [B, C],
      [C, A],
    ],
    [['READFLEET_MOVED_IN_A_CIRCLE', 'moved[2].to']],
  ],
] as const)('a move %s is refused', (_, moves, problems) => {
  expect(told(...moves)).toEqual(problems);
});

test('a list without problems leads from every name to an end, and no two names to the same', () => {
  const name = fc.integer({ min: 0, max: 6 }).map((number) => `aws_subnet.s${number}`);
  fc.assert(
    fc.property(fc.array(fc.record({ from: name, to: name }), { maxLength: 6 }), (moves) => {
      fc.pre(moveProblems(moves, 'moved').length === 0);
      const ends = moves.map(({ from }) => {
        let at = from;
        for (let step = 0; step <= moves.length; step++) at = moves.find((move) => move.from === at)?.to ?? at;
        return at;
      });
      const starts = new Set(moves.map(({ to }) => to));
      const heads = moves.map(({ from }, index) => [from, ends[index]] as const).filter(([from]) => !starts.has(from));

      for (const end of ends) expect(moves.some(({ from }) => from === end)).toBe(false);
      expect(new Set(heads.map(([, end]) => end)).size).toBe(heads.length);
    }),
  );
});

test("an environment's moves are checked with the rest of it", () => {
  const moved = [{ from: A, to: A }];
  const problems = environmentProblems({ ...input({}, { backupRetentionDays: 0 }), moved });

  expect(problems.map(({ code }) => code).sort()).toEqual(['READFLEET_BACKUPS_OFF', 'READFLEET_MOVED_NOWHERE']);
});

test('an environment moves resources by their address', () => {
  expect(environmentProblems({ ...input(), moved: [{ from: 'replica-a', to: B }] })).toEqual([
    expect.objectContaining({ path: 'moved[0].from', message: expect.stringContaining('Must be a resource') }),
  ]);
});
