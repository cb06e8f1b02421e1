import path from 'node:path';
import { minVersion, satisfies, validRange } from 'semver';

const ROOT = path.resolve(__dirname, '../..');
const manifest = require(path.join(ROOT, 'package.json')) as {
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional?: boolean }>;
  devDependencies: Record<string, string>;
};
const { dependencies: lowest } = require(path.join(ROOT, '__tests__/adapters/lowest/package.json')) as {
  dependencies: Record<string, string>;
};

const peers = Object.entries(manifest.peerDependencies);

test.each(peers)('%s is optional: who does not ask for it need not have it', (name, range) => {
  expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true });
  expect(validRange(range)).not.toBeNull();
});

test.each(peers)('%s: the range holds the version that everything is tested with', (name, range) => {
  const tested = manifest.devDependencies[name] as string;
  expect(satisfies(tested, range, { includePrerelease: true })).toBe(true);
});

test.each(peers.filter(([name]) => lowest[name] !== undefined))(
  '%s: the range begins at the lowest version that is tested',
  (name, range) => {
    expect(minVersion(range)?.version).toBe(lowest[name]);
  },
);

test.each(['@aws-sdk/client-ssm', '@aws-sdk/client-secrets-manager'])(
  '%s: the range begins where clients take the limits that we give them as a plain object',
  (name) => {
    expect(minVersion(manifest.peerDependencies[name] as string)?.version).toBe('3.521.0');
  },
);

test('the lock repeats the ranges', () => {
  const { packages } = require(path.join(ROOT, 'package-lock.json')) as {
    packages: Record<string, { peerDependencies?: Record<string, string> }>;
  };
  expect(packages['']?.peerDependencies).toEqual(manifest.peerDependencies);
});

test('everything of the lowest versions is a peer', () => {
  // But what stands around an ORM or a framework, and is not what an adapter takes.
  const around = [
    ...['kysely-replication', 'pg', 'prisma', 'reflect-metadata'],
    ...['@nestjs/core', '@nestjs/platform-express', '@nestjs/platform-fastify', 'rxjs'],
  ];
  const promised = Object.keys(lowest).filter((name) => !around.includes(name));
  expect(Object.keys(manifest.peerDependencies)).toEqual(expect.arrayContaining(promised));
});
