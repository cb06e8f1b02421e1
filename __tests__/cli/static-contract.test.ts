import { staticContract } from '../../cli/static-contract';
import { CONTRACT, folder } from './folder';
import { synthesise, writeStack } from './stack';

const io = { env: {}, stdin: () => Promise.resolve(JSON.stringify(CONTRACT)) };
const files = folder();
let out: string;

beforeAll(() => {
  out = synthesise(files.path);
});

test.each([
  ['dev', 'instances', ['blue', 'green']],
  ['staging', 'multi-az-cluster', ['instance-1', 'instance-2', 'instance-3']],
  ['production', 'multi-az-cluster', ['instance-1', 'instance-2', 'instance-3']],
])('%s is known before it is deployed, but for names that AWS gives', async (environment, topology, readers) => {
  const { contract, source, stack } = await staticContract({ environment, 'cdktf-out': out }, io);

  expect(contract).toMatchObject({ fleet: 'orders', environment, topology, auth: { kind: 'iam' } });
  expect(contract.readers.map(({ name }) => name)).toEqual(readers);
  expect(contract.writer.host).toBe('known-once-deployed.invalid');
  expect(source).toContain(environment);
  expect(stack?.resource).toHaveProperty('aws_cloudwatch_dashboard');
});

test('an environment that was not synthesised: those that were', async () => {
  await expect(staticContract({ environment: 'prod', 'cdktf-out': out }, io)).rejects.toThrow(
    `${out} has no environment "prod". It has: dev, production, staging.`,
  );
});

test('a folder without stacks', async () => {
  await expect(staticContract({ environment: 'dev', 'cdktf-out': files.path }, io)).rejects.toThrow(
    'has no stacks: synthesise first (npm run synth)',
  );
});

test('a contract may be given all the same', async () => {
  expect(await staticContract({ contract: '-' }, io)).toEqual({
    contract: CONTRACT,
    source: 'stdin',
    stack: undefined,
  });
});

test.each([
  [{ contract: 'a', environment: 'dev' }, 'Either --contract or --environment'],
  [{ 'cdktf-out': 'x' }, '--cdktf-out goes with --environment <name>.'],
])('%j: %s', async (asked, message) => {
  await expect(staticContract(asked, io)).rejects.toThrow(message);
});

test.each([
  ['{}', 'it has no output named contract'],
  ['<xml>', 'Unexpected token'],
])('%s is no stack', async (text, message) => {
  const other = `${files.path}/other`;
  writeStack(other, 'dev', text);

  const asked = staticContract({ environment: 'dev', 'cdktf-out': other }, io);

  await expect(asked).rejects.toMatchObject({ code: 'READFLEET_CLI_STACK' });
  await expect(asked).rejects.toThrow(message);
});
