import { Signer } from '@aws-sdk/rds-signer';
import fc from 'fast-check';
import { type AwsCredentials, iamToken, type Login } from '../../lambda/iam-token';

const LOGIN: Login = { host: 'blue.example', port: 5432, user: 'readfleet_emitter', region: 'eu-central-1' };
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' };
const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
});

afterEach(() => {
  jest.useRealTimers();
});

/** What AWS's own package makes at the moment `at`. */
function amazons({ host, port, user, region }: Login, credentials: AwsCredentials, at: number): Promise<string> {
  jest.setSystemTime(at);
  const { sessionToken, ...keys } = credentials;
  const signer = new Signer({
    hostname: host,
    port,
    username: user,
    region,
    credentials: sessionToken === undefined ? keys : { ...keys, sessionToken },
  });
  return signer.getAuthToken();
}

/** Texts with all that has a meaning in addresses. */
const text = fc.string({ minLength: 1, maxLength: 40 }).map((written) => `x${written}`);
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);

test('a token is the same, to the letter, as the one that AWS’s own package makes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        host: fc.tuple(word, word).map((parts) => parts.join('.')),
        port: fc.integer({ min: 1, max: 65_535 }),
        user: text,
        region: word,
      }),
      fc.record({
        accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,20}$/),
        secretAccessKey: text,
        sessionToken: fc.option(text, { nil: undefined }),
      }),
      fc.date({ min: new Date('2020-01-01'), max: new Date('2060-01-01'), noInvalidDate: true }),
      async (login, credentials, date) => {
        const expected = await amazons(login, credentials, date.getTime());
        expect(iamToken(login, credentials, date.getTime())).toBe(expected);
      },
    ),
    { numRuns: 200 },
  );
});

test('it is signed for one host, one user, one region and one moment', () => {
  const token = iamToken(LOGIN, CREDENTIALS, AT);
  const others = [
    iamToken({ ...LOGIN, host: 'green.example' }, CREDENTIALS, AT),
    iamToken({ ...LOGIN, port: 5433 }, CREDENTIALS, AT),
    iamToken({ ...LOGIN, user: 'app' }, CREDENTIALS, AT),
    iamToken({ ...LOGIN, region: 'us-east-1' }, CREDENTIALS, AT),
    iamToken(LOGIN, { ...CREDENTIALS, secretAccessKey: 'other' }, AT),
    iamToken(LOGIN, CREDENTIALS, AT + 1_000),
  ];
  const signature = (signed: string) => new URL(`https://${signed}`).searchParams.get('X-Amz-Signature');

  expect(new Set([token, ...others].map(signature)).size).toBe(7);
  expect(new URL(`https://${token}`).searchParams.get('X-Amz-Date')).toBe('20260102T030405Z');
});

test('the secret key is nowhere in it', () => {
  expect(iamToken(LOGIN, { ...CREDENTIALS, secretAccessKey: 'w0rd-of-mouth' }, AT)).not.toContain('w0rd-of-mouth');
});
