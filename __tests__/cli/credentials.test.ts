import { loginFor } from '../../cli/credentials';
import { CONTRACT, DEPLOYED, folder } from './folder';

const files = folder();
const member = DEPLOYED.writer;

test("a local fleet's password stands in its contract", async () => {
  expect(await loginFor(CONTRACT, {}, { env: {} })).toEqual({ user: 'app', password: 'open sesame' });
});

test('PGPASSWORD, meant for something else, does not outdo it', async () => {
  expect(await loginFor(CONTRACT, {}, { env: { PGPASSWORD: 'other' } })).toMatchObject({ password: 'open sesame' });
});

test('READFLEET_PASSWORD does', async () => {
  expect(await loginFor(CONTRACT, {}, { env: { READFLEET_PASSWORD: 'mine' } })).toMatchObject({ password: 'mine' });
});

test("another user's password is not the contract's", async () => {
  await expect(loginFor(CONTRACT, { user: 'admin' }, { env: {} })).rejects.toThrow(
    'No password for role admin of fleet orders/test. Put it into READFLEET_PASSWORD.',
  );
  expect(await loginFor(CONTRACT, { user: 'admin' }, { env: { PGPASSWORD: 'hers' } })).toEqual({
    user: 'admin',
    password: 'hers',
  });
});

test('with IAM it says how tokens are made', async () => {
  await expect(loginFor(DEPLOYED, {}, { env: {} })).rejects.toThrow(
    /It logs in with IAM.*READFLEET_PASSWORD_COMMAND='aws rds generate-db-auth-token --hostname "\$PGHOST"/s,
  );
});

test('a secret names no user', async () => {
  const secret = { ...DEPLOYED, auth: { kind: 'secret', secretArn: 'arn:aws:secretsmanager:x' } } as const;

  await expect(loginFor(secret, {}, { env: { PGPASSWORD: 'x' } })).rejects.toThrow('Name the role with --user');
  expect(await loginFor(secret, { user: 'app' }, { env: { PGPASSWORD: 'x' } })).toMatchObject({ user: 'app' });
});

test('authorities are read from a file', async () => {
  const ca = files.write('ca.pem', 'PEM');

  expect(await loginFor(CONTRACT, { ca }, { env: {} })).toMatchObject({ ca: 'PEM' });
  await expect(loginFor(CONTRACT, { ca: 'no.pem' }, { env: {} })).rejects.toThrow(
    /^--ca no\.pem cannot be read: ENOENT/,
  );
});

describe('READFLEET_PASSWORD_COMMAND', () => {
  const passwordOf = async (command: string, env: Record<string, string> = {}) => {
    const login = await loginFor(
      DEPLOYED,
      {},
      { env: { ...process.env, ...env, READFLEET_PASSWORD_COMMAND: command } },
    );
    return login.password as (of: typeof member) => Promise<string>;
  };

  test('is told of the member, and what it prints is the password', async () => {
    const password = await passwordOf('echo "$PGUSER@$PGHOST:$PGPORT in $AWS_REGION"');

    expect(await password(member)).toBe('app@127.0.0.1:5432 in eu-central-1');
    expect(await password({ ...member, name: 'far', host: 'far.example', region: 'us-east-1' })).toBe(
      'app@far.example:5432 in us-east-1',
    );
  });

  test('runs once for each member', async () => {
    const log = files.write('runs', '');
    const password = await passwordOf(`echo run >> "${log}"; echo secret`);

    await Promise.all([password(member), password(member), password({ ...member, name: 'blue' })]);

    const { readFileSync } = await import('node:fs');
    expect(readFileSync(log, 'utf8')).toBe('run\nrun\n');
  });

  test('that fails is told by its own last words', async () => {
    const password = await passwordOf('echo "some talk" >&2; echo "Unable to locate credentials" >&2; exit 1');

    await expect(password(member)).rejects.toMatchObject({
      code: 'READFLEET_CLI_PASSWORD_COMMAND',
      message: 'READFLEET_PASSWORD_COMMAND gave no password for primary: Unable to locate credentials',
    });
  });

  test('that prints nothing gave none', async () => {
    await expect((await passwordOf('true'))(member)).rejects.toThrow('for primary: it printed nothing');
  });
});
