import { readContract } from '../../cli/read-contract';
import { CONTRACT, folder } from './folder';

const files = folder();
const file = files.write('fleet.json', CONTRACT);
const stdin = () => Promise.resolve(JSON.stringify({ ...CONTRACT, fleet: 'piped' }));

test('--contract names a file', async () => {
  expect(await readContract(file, { env: {}, stdin })).toEqual({ contract: CONTRACT, source: file });
});

test('- is stdin', async () => {
  expect(await readContract('-', { env: {}, stdin })).toMatchObject({ contract: { fleet: 'piped' }, source: 'stdin' });
});

test('READFLEET_CONTRACT is a file, or the contract itself', async () => {
  const itself = ` ${JSON.stringify({ ...CONTRACT, fleet: 'said' })}`;

  expect((await readContract(undefined, { env: { READFLEET_CONTRACT: file }, stdin })).source).toBe(file);
  expect((await readContract(undefined, { env: { READFLEET_CONTRACT: itself }, stdin })).contract.fleet).toBe('said');
  expect((await readContract(undefined, { env: { READFLEET_CONTRACT: '-' }, stdin })).contract.fleet).toBe('piped');
});

test('READFLEET_CONTRACT that is a connection string is refused, and its password is not told', async () => {
  const env = { READFLEET_CONTRACT: 'postgres://app:s3cret@db/shop' };
  const error: Error = await readContract(undefined, { env, stdin: async () => '' }).then(
    () => new Error('was read'),
    (refusal) => refusal,
  );
  expect(error.message).toMatch(/is to be a file or the JSON of a contract, and is a connection string/);
  expect(error.message).not.toContain('s3cret');
});

test('--contract outdoes the environment', async () => {
  expect((await readContract('-', { env: { READFLEET_CONTRACT: file }, stdin })).contract.fleet).toBe('piped');
});

describe('in a folder of its own', () => {
  const before = process.cwd();
  beforeAll(() => process.chdir(files.path));
  afterAll(() => process.chdir(before));

  test('without any contract it says how to get one', async () => {
    const asked = readContract(undefined, { env: {}, stdin });

    await expect(asked).rejects.toThrow(
      /Which fleet\? .*--contract <file>.*READFLEET_CONTRACT.*\n {2}aws ssm get-parameter/s,
    );
  });

  test('the one that npm start wrote is found', async () => {
    const { mkdirSync } = await import('node:fs');
    mkdirSync('.readfleet');
    files.write('.readfleet/fleet.json', CONTRACT);

    expect((await readContract(undefined, { env: {}, stdin })).source).toBe('.readfleet/fleet.json');
  });
});

test('a file that is not there keeps its error', async () => {
  await expect(readContract('nowhere.json', { env: {}, stdin })).rejects.toMatchObject({
    code: 'READFLEET_CONTRACT_UNREADABLE',
  });
});
