import { connect, type FleetContract } from '../../../lib';

// Virtual: whether they are installed here or not, nobody finds them.
jest.mock('@aws-sdk/rds-signer', () => notThere('@aws-sdk/rds-signer'), { virtual: true });
jest.mock('@aws-sdk/client-secrets-manager', () => notThere('@aws-sdk/client-secrets-manager'), { virtual: true });
jest.mock('@aws-sdk/client-ssm', () => mockSsm(), { virtual: true });

let mockSsm: () => never;

function notThere(name: string): never {
  throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
}

function broken(): never {
  throw new SyntaxError('half written');
}

const contract: FleetContract = {
  ...{ version: 1, fleet: 'orders', environment: 'dev', topology: 'instances', engine: { major: 17 } },
  ...{ database: 'shop', auth: { kind: 'iam', user: 'app' }, tls: 'verify-full', readers: [] },
  writer: { name: 'primary', host: 'primary.example', port: 5_432 },
  lag: { warningSeconds: 1, criticalSeconds: 5 },
} as FleetContract;

test.each([
  ['@aws-sdk/rds-signer', contract],
  ['@aws-sdk/client-secrets-manager', { ...contract, auth: { kind: 'secret', secretArn: 'x' } }],
  ['@aws-sdk/client-secrets-manager', { secret: 'x' }],
] as const)('%s that is not installed is asked for by its name', async (name, source) => {
  await expect(connect(source)).rejects.toMatchObject({
    code: 'READFLEET_PEER_MISSING',
    message: expect.stringMatching(new RegExp(`npm install "?${name}`)),
  });
});

test('one that is installed and broken says so itself', async () => {
  mockSsm = broken;
  await expect(connect({ ssm: '/x' })).rejects.toThrow('half written');
});

test('one that is installed and misses a package of its own names that one', async () => {
  mockSsm = () => notThere('@smithy/core');
  await expect(connect({ ssm: '/x' })).rejects.toThrow("Cannot find module '@smithy/core'");
});
