import fc from 'fast-check';
import { formatLsn, parseLsn } from '../../../lib/lag/lsn';

const lsn = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });

test('a position is one number, whose order is the order of the log', () => {
  expect(parseLsn('0/0')).toBe(0n);
  expect(parseLsn('16/B374D848')).toBe(0x16b374d848n);
  expect(parseLsn('9/0') < parseLsn('10/0')).toBe(true);
});

test('what is written is read back', () => {
  fc.assert(fc.property(lsn, (position) => parseLsn(formatLsn(position)) === position));
});

test.each(['', '0', '0/', '/0', '0/G', '0/0/0', '123456789/0', ' 0/0'])(
  '%j is refused, and the message shows it',
  (text) => {
    expect(() => parseLsn(text)).toThrow(`not an LSN: ${JSON.stringify(text)}`);
  },
);
