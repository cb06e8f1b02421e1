import { iamPasswords } from '../../lambda/iam-password';

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session' };
const before = { ...process.env };

beforeEach(() => Object.assign(process.env, CREDENTIALS));

afterEach(() => {
  process.env = { ...before };
});

test('a token is signed for the member and the user, with the credentials of the environment', async () => {
  const passwordOf = iamPasswords('eu-central-1', 'readfleet_emitter');
  const token = new URL(`https://${await passwordOf({ name: 'blue', host: 'blue.example', port: 5432 })}`);

  expect(token.host).toBe('blue.example:5432');
  expect(Object.fromEntries(token.searchParams)).toMatchObject({
    Action: 'connect',
    DBUser: 'readfleet_emitter',
    'X-Amz-Credential': expect.stringMatching(/^AKIDEXAMPLE\/\d{8}\/eu-central-1\/rds-db\/aws4_request$/),
    'X-Amz-Expires': '900',
    'X-Amz-Security-Token': 'session',
  });
});

test('each member has tokens of its own', async () => {
  const passwordOf = iamPasswords('eu-central-1', 'readfleet_emitter');
  const tokens = await Promise.all(
    ['blue', 'green'].map((name) => passwordOf({ name, host: `${name}.example`, port: 5432 })),
  );

  expect(tokens.map((token) => token.split(':')[0])).toEqual(['blue.example', 'green.example']);
});

test('a member in another region has tokens of that region', async () => {
  const passwordOf = iamPasswords('eu-central-1', 'readfleet_emitter');
  const token = await passwordOf({ name: 'far', host: 'far.example', port: 5432, region: 'us-east-1' });

  expect(new URL(`https://${token}`).searchParams.get('X-Amz-Credential')).toContain('/us-east-1/rds-db/');
});

test('without the credentials of a role nothing is signed, and the connection says why', async () => {
  delete process.env.AWS_SECRET_ACCESS_KEY;
  const passwordOf = iamPasswords('eu-central-1', 'readfleet_emitter');

  await expect(passwordOf({ name: 'blue', host: 'blue.example', port: 5432 })).rejects.toMatchObject({
    code: 'READFLEET_EMITTER_CREDENTIALS',
    message: expect.stringContaining('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set'),
  });
});

test('each connection has a token of its own moment', async () => {
  const moments = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2)];
  const passwordOf = iamPasswords('eu-central-1', 'readfleet_emitter', () => moments.shift() as number);
  const blue = { name: 'blue', host: 'blue.example', port: 5432 };
  const dates = [await passwordOf(blue), await passwordOf(blue)].map((token) =>
    new URL(`https://${token}`).searchParams.get('X-Amz-Date'),
  );

  expect(dates).toEqual(['20260101T000000Z', '20260102T000000Z']);
});
