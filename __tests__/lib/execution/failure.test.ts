import { classifyFailure, type Failure } from '../../../lib/execution/failure';

const coded = (code: string) => Object.assign(new Error('as the server said'), { code });

test.each<[string, Error, Failure]>([
  ['a refused connection', coded('ECONNREFUSED'), 'lost'],
  ['a reset connection', coded('ECONNRESET'), 'lost'],
  ['a name that does not resolve', coded('ENOTFOUND'), 'lost'],
  ['a server that shuts down', coded('57P01'), 'lost'],
  ['a server that crashed', coded('57P02'), 'lost'],
  ['a server that is starting', coded('57P03'), 'lost'],
  ['a connection exception of SQL', coded('08006'), 'lost'],
  ['a connection that broke under the statement', new Error('Connection terminated unexpectedly'), 'lost'],
  ['a connection that took too long to open', new Error('Connection terminated due to connection timeout'), 'lost'],
  [
    'a client that is broken already',
    new Error('Client has encountered a connection error and is not queryable'),
    'lost',
  ],
  ['a pool without a free connection', new Error('timeout exceeded when trying to connect'), 'busy'],
  ['a server without a free connection', coded('53300'), 'busy'],
  ['a syntax error', coded('42601'), 'statement'],
  ['a statement the user cancelled', coded('57014'), 'statement'],
  ['an error of the app', new Error('boom'), 'statement'],
])('%s is told apart on any member', (_, error, failure) => {
  expect(classifyFailure(error, true)).toBe(failure);
  expect(classifyFailure(error, false)).toBe(failure);
});

test.each(['40001', '40P01'])('%s on a replica is a conflict with recovery', (code) => {
  expect(classifyFailure(coded(code), true)).toBe('conflict');
});

test.each(['25006', '0A000', '55000', 'XX000'])('%s on a replica is a refusal', (code) => {
  expect(classifyFailure(coded(code), true)).toBe('refused');
});

test.each(['42P01', '42703', '42883', '42704', '3F000'])(
  '%s on a replica may be a name that is not replayed yet',
  (code) => {
    expect(classifyFailure(coded(code), true)).toBe('behind');
  },
);

test.each(['42P01', '42883', '40001', '40P01', '25006', '0A000', '55000', 'XX000'])(
  '%s on the primary is the statement’s own',
  (code) => {
    expect(classifyFailure(coded(code), false)).toBe('statement');
  },
);

test('what is no error at all is the statement’s own', () => {
  expect(classifyFailure('text', true)).toBe('statement');
});

describe('a login that was refused', () => {
  test.each(['28P01', '28000'])('%s says nothing of a statement: another member may know the password', (code) => {
    expect(classifyFailure({ code, severity: 'FATAL' }, true)).toBe('busy');
    expect(classifyFailure({ code, severity: 'FATAL' }, false)).toBe('busy');
  });

  test('is none when a statement raised it', () => {
    expect(classifyFailure({ code: '28P01', severity: 'ERROR' }, true)).toBe('statement');
  });

  test('for want of a database is the same everywhere', () => {
    expect(classifyFailure({ code: '3D000', severity: 'FATAL' }, true)).toBe('statement');
  });
});
