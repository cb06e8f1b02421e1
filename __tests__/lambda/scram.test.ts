import fc from 'fast-check';
import { isPlainAscii, scramVerifier } from '../../lambda/scram';

test('the verifier is the one of the example in RFC 7677', () => {
  // "pencil", with the salt and the iterations of section 3; keys as any other implementation makes them of it.
  expect(scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});

test('the same password has another verifier each time', () => {
  expect(scramVerifier('pencil')).not.toBe(scramVerifier('pencil'));
});

test('a verifier can stand between quotes, whatever the password', () => {
  fc.assert(
    fc.property(fc.string(), (password) => {
      expect(scramVerifier(password)).toMatch(/^SCRAM-SHA-256\$4096:[\w+/=]{24}\$[\w+/=]{44}:[\w+/=]{44}$/);
    }),
    { numRuns: 10 },
  );
});

test.each([
  ['ASCII', 'aZ09 ~!', true],
  ['an umlaut', 'pässword', false],
  ['a control character', 'pass\tword', false],
  ['nothing', '', false],
])('%s', (_, password, plain) => {
  expect(isPlainAscii(password)).toBe(plain);
});
