import { readLogin } from '../../lambda/secrets';

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:x';
const read = (text: string | undefined) => readLogin(async () => text, ARN, 'the master user');
const named = (name: string) => Object.assign(new Error('no'), { name });

test('name and password are read, whatever else is in the secret', async () => {
  expect(await read('{"username":"fleet_admin","password":"s3cret","host":"db"}')).toEqual({
    username: 'fleet_admin',
    password: 's3cret',
  });
});

test.each([
  ['{"username":"fleet_admin"}', 'it lacks "password"'],
  ['{"password":"s3cret"}', 'it lacks "username"'],
  ['{"username":"fleet_admin","password":""}', 'it lacks a value'],
  ['{"username":1,"password":2}', 'it lacks "username" and "password"'],
  ['s3cret', 'it lacks "username" and "password"'],
  ['"s3cret"', 'it lacks "username" and "password"'],
  ['null', 'it lacks "username" and "password"'],
  [undefined, 'it lacks "username" and "password"'],
])('%s: %s', async (text, why) => {
  await expect(read(text)).rejects.toMatchObject({
    code: 'READFLEET_BOOTSTRAP_SECRET',
    message: expect.stringContaining(`the secret of the master user (${ARN}): ${why}`),
  });
});

test('no error holds anything of the content', async () => {
  const error = await read('{"username":"fleet_admin","password":"s3cret"').catch((caught: Error) => caught);
  expect(JSON.stringify([String(error), (error as Error).cause])).not.toContain('s3cret');
});

test.each([
  ['ResourceNotFoundException', 'deploy again once it was written'],
  ['AccessDeniedException', 'secretsmanager:GetSecretValue'],
  ['TimeoutError', 'network.secretsRoute'],
])('%s says what to do: %s', async (name, fix) => {
  const refused = readLogin(() => Promise.reject(named(name)), ARN, 'role app_proxy');
  await expect(refused).rejects.toMatchObject({
    code: 'READFLEET_BOOTSTRAP_SECRET',
    message: expect.stringMatching(new RegExp(`^the secret of role app_proxy .*${fix}`)),
  });
});
