import { z } from 'zod';
import { formatProblems, problemsOf } from '../../lib/problems';

test('problems are told with code, path, value, reason and fix', () => {
  const text = formatProblems('environments/production.ts', [
    {
      code: 'READFLEET_BACKUPS_OFF',
      path: 'database.backupRetentionDays',
      got: 0,
      message: 'AWS creates no read replica of a primary without backups.',
      fix: 'Set 1 to 35.',
    },
    { code: 'READFLEET_INVALID', path: '', got: undefined, message: 'It is missing.' },
  ]);
  expect(text).toBe(
    [
      'environments/production.ts: 2 problems',
      '  READFLEET_BACKUPS_OFF  database.backupRetentionDays  got: 0',
      '    AWS creates no read replica of a primary without backups.',
      '    Set 1 to 35.',
      '  READFLEET_INVALID  (the document)  got: nothing',
      '    It is missing.',
    ].join('\n'),
  );
});

test('one problem is one problem', () => {
  expect(formatProblems('x', [{ code: 'X', path: 'a', got: 1, message: 'm' }])).toContain('x: 1 problem\n');
});

test('no secret is shown, and no long value in full', () => {
  const text = formatProblems('x', [
    { code: 'X', path: 'auth', got: { user: 'app', password: 'hunter2', more: 'y'.repeat(500) }, message: 'm' },
  ]);
  expect(text).not.toContain('hunter2');
  expect(text.split('\n')[1]?.length).toBeLessThan(160);
});

test('a secret that is itself the value at fault is hidden too', () => {
  const text = formatProblems('x', [{ code: 'X', path: 'auth.password', got: 'hunter2', message: 'm' }]);
  expect(text).toContain('auth.password  got: (hidden)');
});

test.each<[unknown, string]>([
  [10n, '(a value of type bigint)'],
  [Object.assign([], { 0: null, toJSON: null }), '[null]'],
  [Symbol('x'), 'Symbol(x)'],
  [Number.NaN, 'NaN'],
])('a value that JSON cannot tell is no second problem', (got, shown) => {
  expect(formatProblems('x', [{ code: 'X', path: 'a', got, message: 'm' }])).toContain(`a  got: ${shown}\n`);
});

test('a value that contains itself is no second problem', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(formatProblems('x', [{ code: 'X', path: 'a', got: circle, message: 'm' }])).toContain(
    'a value of type object',
  );
});

test('zod’s issues become problems, each with the value at its path', () => {
  const schema = z.object({ readers: z.array(z.object({ port: z.number('Must be a number.') })), name: z.string() });
  const input = { readers: [{ port: 1 }, { port: 'x' }] };
  const error = schema.safeParse(input).error as z.ZodError;
  expect(problemsOf(error, input, 'READFLEET_INVALID')).toEqual([
    { code: 'READFLEET_INVALID', path: 'readers[1].port', got: 'x', message: 'Must be a number.' },
    { code: 'READFLEET_INVALID', path: 'name', got: undefined, message: 'It is missing.' },
  ]);
});
