import * as crypto from 'node:crypto';
import fc from 'fast-check';
import { Access } from '../../../monitoring/http/access';
import type { Ask } from '../../../monitoring/http/exchange';
import type { MonitoringOptions } from '../../../monitoring/http/options';

jest.mock('node:crypto', () => ({
  ...jest.requireActual('node:crypto'),
  timingSafeEqual: jest.fn(jest.requireActual('node:crypto').timingSafeEqual),
}));

const OLD = 'old-reader-token-0001';
const NEW = 'new-reader-token-0002';
const ADMIN = 'admin-token-number-01';
const NEXT_ADMIN = 'admin-token-number-02';

type Options = Pick<MonitoringOptions, 'token' | 'admin' | 'hosts'>;

function ask(headers: Readonly<Record<string, string | undefined>>): Ask {
  return { method: 'GET', path: '/', headers, from: undefined, body: async () => ({ text: '' }) };
}

const presenting = (token: string | undefined) => ask({ authorization: token && `Bearer ${token}` });

/** The level that is let in, or the code of the refusal. */
function outcome(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    const { status, code } = error as { status: number; code: string };
    return `${status} ${code.replace('READFLEET_HTTP_', '')}`;
  }
}

const closed: Options = { token: [OLD, NEW], admin: [ADMIN, NEXT_ADMIN] };
const readOnly: Options = { token: NEW };
const open: Options = { token: false, admin: false };
const openToLook: Options = { token: false };
const openButForSwitches: Options = { token: false, admin: ADMIN };

test.each<[string, Options, string | undefined, 'read' | 'admin', string]>([
  ['a reader may look', closed, NEW, 'read', 'read'],
  ['while tokens change, so may who has the one of before', closed, OLD, 'read', 'read'],
  ['an admin may look', closed, ADMIN, 'read', 'admin'],
  ['an admin may switch', closed, NEXT_ADMIN, 'admin', 'admin'],
  ['a reader may not switch', closed, NEW, 'admin', '403 READER'],
  ['nobody may not look', closed, undefined, 'read', '401 TOKEN'],
  ['nobody may not switch', closed, undefined, 'admin', '401 TOKEN'],
  ['a wrong token may not look', closed, `${NEW}x`, 'read', '401 TOKEN'],
  ['the beginning of a token is none', closed, NEW.slice(0, -1), 'read', '401 TOKEN'],
  ['an empty token is none', closed, '', 'read', '401 TOKEN'],
  ['without an admin token nobody may switch', readOnly, NEW, 'admin', '403 NO_ADMIN'],
  ['nor who has none', readOnly, undefined, 'admin', '401 TOKEN'],
  ['open, anybody may switch', open, undefined, 'admin', 'admin'],
  ['open, a token that is left over does no harm', open, 'left over from another', 'admin', 'admin'],
  ['open to look, anybody may', openToLook, undefined, 'read', 'read'],
  ['open to look, nobody may switch', openToLook, undefined, 'admin', '403 NO_ADMIN'],
  ['open but for the switches, anybody may look', openButForSwitches, 'left over from another', 'read', 'read'],
  ['open but for the switches, they take the token', openButForSwitches, ADMIN, 'admin', 'admin'],
  ['open but for the switches, without it they are closed', openButForSwitches, undefined, 'admin', '401 TOKEN'],
  ['open but for the switches, with another too', openButForSwitches, 'another', 'admin', '401 TOKEN'],
])('%s', (_, options, token, wanted, expected) => {
  expect(outcome(() => new Access(options).admit(presenting(token), wanted))).toBe(expected);
});

test.each([
  [`bearer ${NEW}`, 'read'],
  [`BEARER   ${NEW} `, 'read'],
  [`Basic ${NEW}`, '401 TOKEN'],
  [NEW, '401 TOKEN'],
  [`Bearer${NEW}`, '401 TOKEN'],
  [`Bearer ${NEW}, Bearer ${OLD}`, '401 TOKEN'],
])('the header %j', (authorization, expected) => {
  expect(outcome(() => new Access(closed).admit(ask({ authorization }), 'read'))).toBe(expected);
});

test('whatever is presented, digests of one length are compared in constant time, with every token there is', () => {
  const compare = jest.mocked(crypto.timingSafeEqual);
  const access = new Access(closed);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom(OLD, NEW, ADMIN, NEXT_ADMIN)), (token) => {
      compare.mockClear();
      outcome(() => access.admit(presenting(`x${token}`.slice(1)), 'read'));
      expect(compare).toHaveBeenCalledTimes(4);
      for (const [one, other] of compare.mock.calls) expect([one.byteLength, other.byteLength]).toEqual([32, 32]);
    }),
  );
});

test('nobody who presents anything but a token is let in', () => {
  const access = new Access(closed);
  fc.assert(
    fc.property(fc.string(), (token) => {
      fc.pre(![OLD, NEW, ADMIN, NEXT_ADMIN].includes(token.trim()));
      expect(outcome(() => access.admit(presenting(token), 'read'))).toBe('401 TOKEN');
    }),
  );
});

test.each<[string | undefined, string | undefined]>([
  ['localhost', undefined],
  ['LOCALHOST:9000', undefined],
  ['app.localhost:9000', undefined],
  ['127.0.0.1:80', undefined],
  ['127.1.2.3', undefined],
  ['[::1]:80', undefined],
  ['devbox.internal:9000', undefined],
  ['evil.example', '403 HOST'],
  ['localhost.evil.example', '403 HOST'],
  ['127.0.0.1.evil.example', '403 HOST'],
  ['evillocalhost', '403 HOST'],
  ['10.0.0.1', '403 HOST'],
  ['', '403 HOST'],
  [undefined, '403 HOST'],
])('without tokens, who asks for the host %j: %j', (host, expected) => {
  const access = new Access({ ...open, hosts: ['Devbox.internal'] });
  expect(outcome(() => access.checkHost(ask({ host })))).toBe(expected);
});

test('with a token any host will do', () => {
  expect(outcome(() => new Access(closed).checkHost(ask({ host: 'evil.example' })))).toBeUndefined();
});

const host = 'localhost:9000';

test.each<[string, Readonly<Record<string, string>>, string | undefined]>([
  ['the command', { host }, undefined],
  ['the handler’s own page', { host, origin: 'http://localhost:9000', 'sec-fetch-site': 'same-origin' }, undefined],
  ['an address that somebody typed', { host, 'sec-fetch-site': 'none' }, undefined],
  ['HTTP/2', { ':authority': host, origin: 'https://localhost:9000' }, undefined],
  ['a page of another site', { host, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, '403 ORIGIN'],
  ['a page of another port', { host, origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }, '403 ORIGIN'],
  ['a page without an origin', { host, origin: 'null' }, '403 ORIGIN'],
  ['a form of another site', { host, 'sec-fetch-site': 'cross-site' }, '403 ORIGIN'],
])('without an admin token, %s: %#', (_, headers, expected) => {
  expect(outcome(() => new Access(open).checkOrigin(ask(headers)))).toBe(expected);
});

test('an admin token is no browser’s to send by itself: its origin is not asked for', () => {
  const headers = { host, origin: 'https://console.example', 'sec-fetch-site': 'cross-site' };
  expect(outcome(() => new Access(closed).checkOrigin(ask(headers)))).toBeUndefined();
});
