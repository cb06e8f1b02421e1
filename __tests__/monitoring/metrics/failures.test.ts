import { InvalidConfigError, ReadfleetError, ShedError } from '../../../lib';
import { isCallFailure } from '../../../monitoring/metrics/failures';

function postgres(code: string): Error {
  return Object.assign(new Error('as PostgreSQL says it'), { code, severity: 'ERROR' });
}

test.each([
  ['READFLEET_NO_MEMBER'],
  ['READFLEET_NO_WRITER'],
  ['READFLEET_BREAKER_OPEN'],
  ['READFLEET_RETRIES_SPENT'],
  ['READFLEET_TIMEOUT'],
])('%s is a failure', (code) => {
  expect(isCallFailure(new ReadfleetError(code, 'no'))).toBe(true);
});

test('a read that was shed is a failure', () => {
  expect(isCallFailure(new ShedError('low', 'queue full', { max: 1, queue: 0, waitMs: 0 }))).toBe(true);
});

test.each([
  ['a mistake in the options', new InvalidConfigError('READFLEET_OPTIONS_INVALID', 'no', [])],
  ['a fleet that the app has closed', new ReadfleetError('READFLEET_CLOSED', 'no')],
  ['a transaction whose error was caught', new ReadfleetError('READFLEET_ROLLED_BACK', 'no')],
])('%s is none', (_, error) => {
  expect(isCallFailure(error)).toBe(false);
});

test.each([
  ['a division by zero', postgres('22012')],
  ['a unique violation', postgres('23505')],
  ['a table that is missing', postgres('42P01')],
  ['a deadlock', postgres('40P01')],
  ['a statement timeout', postgres('57014')],
])('%s is the statement’s own', (_, error) => {
  expect(isCallFailure(error)).toBe(false);
});

test.each([
  ['a server that shuts down', postgres('57P01')],
  ['too many connections', postgres('53300')],
  ['a connection that is refused', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
  ['a connection that broke', new Error('Connection terminated unexpectedly')],
  ['a pool that had no connection in time', new Error('timeout exceeded when trying to connect')],
])('%s is the member’s', (_, error) => {
  expect(isCallFailure(error)).toBe(true);
});

test.each([
  ['AbortController.abort()', AbortSignal.abort().reason],
  ['AbortSignal.timeout()', new DOMException('The operation was aborted due to timeout', 'TimeoutError')],
  ['a reason in a word', 'the user left'],
  ['a reason of null', null],
])('what its caller gave up by %s is none', (_, reason) => {
  expect(isCallFailure(reason)).toBe(false);
});
