import fc from 'fast-check';
import { ReadfleetError } from '../../../lib/errors';
import { formatToken, isAfter, parseToken, type Token } from '../../../lib/session/token';

const FLEET = 'orders/production';

const tokens: fc.Arbitrary<Token> = fc.record({
  timeline: fc.integer({ min: 1, max: 0xffffffff }),
  lsn: fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }),
});

function refusalOf(text: unknown, fleet = FLEET): ReadfleetError {
  try {
    parseToken(text as string, fleet);
  } catch (error) {
    if (ReadfleetError.is(error)) return error;
    throw error;
  }
  throw new Error(`taken for a token: ${text}`);
}

const whole = formatToken({ timeline: 3, lsn: 0x16b374d848n }, FLEET);

test('a token is a short text', () => {
  expect(whole).toMatch(/^rf1\.[0-9a-f]{8}\.3\.16b374d848$/);
});

test('the same fleet makes the same token in every process and every release', () => {
  expect(whole).toBe('rf1.2fa8f5d1.3.16b374d848');
});

test('what was written is read', () => {
  fc.assert(
    fc.property(tokens, fc.string(), (token, fleet) => {
      expect(parseToken(formatToken(token, fleet), fleet)).toEqual(token);
    }),
  );
});

test('no token needs to be quoted in a cookie, a header or an address, and none is longer than is read', () => {
  fc.assert(
    fc.property(tokens, fc.string(), (token, fleet) => {
      const text = formatToken(token, fleet);
      expect(encodeURIComponent(text)).toBe(text);
      expect(text).toMatch(/^[a-z0-9.]{1,41}$/);
    }),
  );
});

test('whatever is taken is what a token of it looks like: there are no two texts for one token', () => {
  const almost = fc
    .tuple(fc.constantFrom('1', '01', '4294967295', '4294967296', '0', '-1', '1e3', ' 1'), fc.string({ maxLength: 17 }))
    .map(([timeline, lsn]) => `rf1.2fa8f5d1.${timeline}.${lsn}`);
  const hex = fc.stringMatching(/^[0-9a-f]{1,17}$/).map((lsn) => `rf1.2fa8f5d1.1.${lsn}`);
  fc.assert(
    fc.property(fc.oneof(almost, hex), (text) => {
      let token: Token;
      try {
        token = parseToken(text, FLEET);
      } catch (error) {
        return (error as ReadfleetError).code === 'READFLEET_TOKEN_INVALID';
      }
      return formatToken(token, FLEET) === text;
    }),
  );
});

test('garbage is refused with the typed error, whatever it is', () => {
  const parts = fc
    .array(fc.oneof(fc.string(), fc.constantFrom('rf1', '2fa8f5d1', '1', 'ff')))
    .map((all) => all.join('.'));
  fc.assert(
    fc.property(fc.oneof(fc.anything(), parts), (garbage) => {
      fc.pre(garbage !== 'rf1.2fa8f5d1.1.ff');
      expect(refusalOf(garbage).code).toBe('READFLEET_TOKEN_INVALID');
    }),
  );
});

test('a huge text is refused by its length, and the message holds its beginning alone', () => {
  const { message } = refusalOf(`${whole}${'.'.repeat(10_000_000)}`);

  expect(message).toContain('10000025 characters');
  expect(message).toContain('"rf1.2fa8f5d1.3.16b374d848.');
  expect(message.length).toBeLessThan(300);
});

test("another fleet's token is told as such", () => {
  expect(refusalOf(whole, 'billing/production').message).toContain('another fleet than billing/production');
});

test.each([
  ['', 'does not begin with "rf1."'],
  ['0/16B374D848', 'does not begin with "rf1."'],
  ['rf2.2fa8f5d1.3.ff', 'version rf2, and this release of readfleet reads rf1'],
  ['rf1', 'four parts'],
  ['rf1.2fa8f5d1.3', 'four parts'],
  ['rf1.2fa8f5d1.3.ff.', 'four parts'],
  ['rf1.fleet.3.ff', 'fleet "fleet"'],
  ['rf1.2FA8F5D1.3.ff', 'fleet "2FA8F5D1"'],
  ['rf1.2fa8f5d1.0.ff', 'timeline "0"'],
  ['rf1.2fa8f5d1.4294967296.ff', 'timeline "4294967296"'],
  ['rf1.2fa8f5d1.3.', 'LSN ""'],
  ['rf1.2fa8f5d1.3.0ff', 'LSN "0ff"'],
  ['rf1.2fa8f5d1.3.10000000000000000', 'LSN "10000000000000000"'],
  [undefined, 'got: undefined'],
  [null, 'got: null'],
  [{}, 'got: object'],
])('%j: the message says %s', (text, told) => {
  expect(refusalOf(text).message).toContain(told);
});

describe('order', () => {
  test('on one timeline the higher position is later', () => {
    expect(isAfter({ timeline: 1, lsn: 0x10n }, { timeline: 1, lsn: 0x9n })).toBe(true);
    expect(isAfter({ timeline: 1, lsn: 0x9n }, { timeline: 1, lsn: 0x10n })).toBe(false);
  });

  test('a later timeline is later at every position', () => {
    expect(isAfter({ timeline: 2, lsn: 1n }, { timeline: 1, lsn: 9n })).toBe(true);
    expect(isAfter({ timeline: 1, lsn: 9n }, { timeline: 2, lsn: 1n })).toBe(false);
  });

  test('of two tokens one is later, unless they are the same; and order survives the text', () => {
    fc.assert(
      fc.property(tokens, tokens, (one, other) => {
        const same = one.timeline === other.timeline && one.lsn === other.lsn;
        expect(Number(isAfter(one, other)) + Number(isAfter(other, one))).toBe(same ? 0 : 1);
        const again = (token: Token) => parseToken(formatToken(token, FLEET), FLEET);
        expect(isAfter(again(one), again(other))).toBe(isAfter(one, other));
      }),
    );
  });
});
