import { InvalidConfigError, messageOf, ReadfleetError } from '../../lib/errors';

test('an error keeps its code, cause and trace', () => {
  const cause = new Error('refused');
  const trace = { attempts: [{ member: 'blue', error: 'refused' }], passedOver: [] };

  const error = new ReadfleetError('READFLEET_NO_MEMBER', 'nobody', { cause, trace });

  expect(error).toMatchObject({ name: 'ReadfleetError', code: 'READFLEET_NO_MEMBER', message: 'nobody', cause, trace });
  expect(error).toBeInstanceOf(Error);
});

test('without a cause there is no cause property, so that logs show none', () => {
  expect('cause' in new ReadfleetError('X', 'x')).toBe(false);
});

test('an error of another copy of the package is known by its brand', () => {
  let other: typeof import('../../lib/errors') | undefined;
  jest.isolateModules(() => {
    other = require('../../lib/errors');
  });
  const foreign = new (other as typeof import('../../lib/errors')).InvalidConfigError('X', 'x', []);

  expect(foreign).not.toBeInstanceOf(ReadfleetError);
  expect(ReadfleetError.is(foreign)).toBe(true);
});

test.each([undefined, null, 'text', new Error('plain'), { code: 'READFLEET_NO_MEMBER' }])(
  '%p is no error of ours',
  (value) => {
    expect(ReadfleetError.is(value)).toBe(false);
  },
);

test('a refused document carries its problems, under its own name', () => {
  const problem = { code: 'X', path: 'a', got: 1, message: 'Must be 2.' };
  expect(new InvalidConfigError('X', 'x', [problem])).toMatchObject({
    name: 'InvalidConfigError',
    problems: [problem],
  });
});

test('the message of a list of errors is that of the first: Node gives one per address of a host', () => {
  expect(messageOf(new AggregateError([new Error('connect ECONNREFUSED ::1'), new Error('other')]))).toBe(
    'connect ECONNREFUSED ::1',
  );
  expect(messageOf(new Error('plain'))).toBe('plain');
  expect(messageOf('text')).toBe('text');
});
