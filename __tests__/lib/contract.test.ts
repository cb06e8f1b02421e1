import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { type FleetContract, parseContract, readContractFile } from '../../lib/contract';
import type { InvalidConfigError } from '../../lib/errors';

const CONTRACT: FleetContract = {
  version: 1,
  fleet: 'orders',
  environment: 'production',
  topology: 'instances',
  region: 'eu-central-1',
  engine: { major: 17 },
  database: 'orders',
  auth: { kind: 'iam', user: 'app' },
  tls: 'verify-full',
  writer: { name: 'primary', host: 'orders.example', port: 5432, zone: 'eu-central-1a', resourceId: 'db-ABC' },
  readers: [
    { name: 'blue', host: 'blue.example', port: 5432, weight: 2 },
    { name: 'green', host: 'green.example', port: 5432 },
  ],
  proxy: { writer: { host: 'proxy.example', port: 5432 }, user: 'app_proxy' },
  readName: { host: 'orders-read.internal', port: 5432 },
  lag: { warningSeconds: 1, criticalSeconds: 5 },
};

function problemsIn(input: unknown) {
  try {
    parseContract(input);
  } catch (error) {
    return (error as InvalidConfigError).problems;
  }
  throw new Error('the contract was taken');
}

test('a contract is read from an object and from JSON alike', () => {
  expect(parseContract(CONTRACT)).toEqual(CONTRACT);
  expect(parseContract(JSON.stringify(CONTRACT))).toEqual(CONTRACT);
});

test('fields of a later release are ignored', () => {
  expect(parseContract({ ...CONTRACT, invented: true, writer: { ...CONTRACT.writer, invented: 1 } })).toEqual(CONTRACT);
});

test('how long a member may be unhealthy is said in the contract, or left to the default', () => {
  const lag = { ...CONTRACT.lag, unhealthySeconds: 300 };

  expect(parseContract({ ...CONTRACT, lag }).lag).toEqual(lag);
  expect(problemsIn({ ...CONTRACT, lag: { ...lag, unhealthySeconds: 0 } })).toMatchObject([
    { path: 'lag.unhealthySeconds', message: 'Must be more than 0 seconds.' },
  ]);
});

test('a fleet without readers is a fleet', () => {
  expect(parseContract({ ...CONTRACT, readers: [] }).readers).toEqual([]);
});

test('every problem is told at once', () => {
  const problems = problemsIn({
    ...CONTRACT,
    fleet: 'Orders!',
    topology: 'ring',
    auth: { kind: 'magic' },
    tls: 'maybe',
    writer: { name: 'primary', host: '', port: 70_000 },
    readers: [{ name: 'blue', host: 'blue.example', port: 5432, weight: 0 }],
    lag: { warningSeconds: 5, criticalSeconds: 1 },
  });
  expect(problems.map(({ path }) => path)).toEqual([
    'fleet',
    'topology',
    'auth.kind',
    'tls',
    'writer.host',
    'writer.port',
    'readers[0].weight',
    'lag',
  ]);
  expect(problems.find(({ path }) => path === 'topology')?.message).toBe(
    'Must be one of instances, multi-az-cluster, aurora.',
  );
});

test('what is missing is said to be missing', () => {
  const { database: _, ...without } = CONTRACT;
  expect(problemsIn(without)).toEqual([
    { code: 'READFLEET_CONTRACT_INVALID', path: 'database', got: undefined, message: 'It is missing.' },
  ]);
});

test('two members of one name are refused, since metrics and errors tell members by name', () => {
  expect(problemsIn({ ...CONTRACT, readers: [{ ...CONTRACT.writer }] })).toMatchObject([
    { code: 'READFLEET_CONTRACT_DUPLICATE_MEMBER', path: 'readers[0].name', got: 'primary' },
  ]);
});

test.each([undefined, null, 42, [], {}])('%p is no contract', (input) => {
  expect(() => parseContract(input)).toThrow(expect.objectContaining({ code: 'READFLEET_CONTRACT_INVALID' }));
});

test.each(['postgres://app:s3cret@db/shop', 'fleet.json', '{"auth": {"password": "s3cret" oops', '[s3cret'])(
  'of %j, which is not JSON, nothing is told on',
  (text) => {
    for (const source of [undefined, 'fleet.json']) {
      const error = (() => {
        try {
          return parseContract(text, source);
        } catch (thrown) {
          return thrown as Error;
        }
      })();
      expect(error).toMatchObject({ code: 'READFLEET_CONTRACT_INVALID' });
      expect(inspect(error, { depth: 9 })).not.toContain('s3cret');
    }
  },
);

test('a text in the place of a contract is told what to give', () => {
  expect(() => parseContract('fleet.json')).toThrow(/A contract is an object\. For a file give \{ file: '…' \}/);
  expect(() => parseContract('fleet.json', 'fleet.json')).toThrow(/^fleet\.json: not JSON: [^"]*\.$/);
});

test('text that is not JSON is named as such, with its source', () => {
  expect(() => parseContract('{', 'SSM /readfleet/orders')).toThrow(/^SSM \/readfleet\/orders: not JSON: /);
});

test('a contract of a later version says which side to update', () => {
  expect(() => parseContract({ ...CONTRACT, version: 2 })).toThrow(
    'fleet contract: contract version 2, but this release of readfleet reads version 1. Update readfleet in the app.',
  );
});

describe('from a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'readfleet-contract-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('it is read', async () => {
    const file = join(folder, 'fleet.json');
    await writeFile(file, JSON.stringify(CONTRACT));
    expect(await readContractFile(file)).toEqual(CONTRACT);
  });

  test('a file that is not there is named', async () => {
    const file = join(folder, 'nowhere.json');
    await expect(readContractFile(file)).rejects.toMatchObject({
      code: 'READFLEET_CONTRACT_UNREADABLE',
      message: expect.stringContaining(`${file}: the fleet contract cannot be read`),
    });
  });
});
