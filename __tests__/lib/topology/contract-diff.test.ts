import fc from 'fast-check';
import type { ContractMember, FleetContract } from '../../../lib/contract';
import { diffContracts, refusalError } from '../../../lib/topology/contract-diff';

const member = (name: string, differing: Partial<ContractMember> = {}): ContractMember => ({
  name,
  host: `${name}.test`,
  port: 5_432,
  ...differing,
});
const [primary, blue, green] = ['primary', 'blue', 'green'].map((name) => member(name)) as [
  ContractMember,
  ContractMember,
  ContractMember,
];

function contract(differing: Partial<FleetContract> = {}): FleetContract {
  return {
    ...{ version: 1, fleet: 'orders', environment: 'dev', topology: 'instances', engine: { major: 18 } },
    ...{ database: 'app', auth: { kind: 'password', user: 'app', password: 'before' }, tls: 'disable' },
    ...{ writer: primary, readers: [blue, green], lag: { warningSeconds: 1, criticalSeconds: 5 } },
    ...differing,
  } as FleetContract;
}

const NOTHING = { added: [], removed: [], changed: [], reweighted: [] };

test.each<[string, Partial<FleetContract>, object]>([
  ['nothing', {}, {}],
  ['the order of readers', { readers: [green, blue] }, {}],
  ['a reader more', { readers: [blue, green, member('white')] }, { added: [member('white')] }],
  ['a reader less', { readers: [green] }, { removed: ['blue'] }],
  [
    'a reader at another host',
    { readers: [member('blue', { host: 'new.test', weight: 3 }), green] },
    { changed: [member('blue', { host: 'new.test', weight: 3 })] },
  ],
  [
    'a reader at another port',
    { readers: [member('blue', { port: 1 }), green] },
    { changed: [member('blue', { port: 1 })] },
  ],
  [
    'a reader in another region, for which its tokens are signed',
    { readers: [member('blue', { region: 'eu-west-1' }), green] },
    { changed: [member('blue', { region: 'eu-west-1' })] },
  ],
  ['a weight', { readers: [member('blue', { weight: 3 }), green] }, { reweighted: [member('blue', { weight: 3 })] }],
  ['the default weight, written out', { readers: [member('blue', { weight: 1 }), green] }, {}],
  ['a zone', { readers: [member('blue', { zone: 'a' }), green] }, { reweighted: [member('blue', { zone: 'a' })] }],
  [
    'a resource id',
    { readers: [member('blue', { resourceId: 'db-1' }), green] },
    { reweighted: [member('blue', { resourceId: 'db-1' })] },
  ],
  [
    'the writer’s address',
    { writer: member('primary', { host: 'new.test' }) },
    { writer: member('primary', { host: 'new.test' }) },
  ],
  ['the writer’s weight, which nobody heeds', { writer: member('primary', { weight: 3 }) }, {}],
  [
    'a failover, after which the old primary is away: the new writer is not removed',
    { writer: blue, readers: [green] },
    { writer: blue },
  ],
  [
    'a failover, after which the old primary is a replica',
    { writer: blue, readers: [green, primary] },
    { writer: blue, added: [primary] },
  ],
  ['what a connected fleet does not go by', { lag: { warningSeconds: 2, criticalSeconds: 5 } }, {}],
])('%s', (_, differing, diff) => {
  expect(diffContracts(contract(), contract(differing))).toEqual({ ...NOTHING, ...diff });
});

describe('what cannot be taken while connected', () => {
  test.each<[string, Partial<FleetContract>, unknown, string]>([
    ['fleet', { fleet: 'users' }, 'users', 'It was "orders".'],
    ['environment', { environment: 'staging' }, 'staging', 'It was "dev".'],
    ['topology', { topology: 'aurora' }, 'aurora', 'It was "instances".'],
    ['database', { database: 'other' }, 'other', 'It was "app".'],
    ['tls', { tls: 'verify-full' }, 'verify-full', 'It was "disable".'],
    ['auth.kind', { auth: { kind: 'iam', user: 'app' } }, 'iam', 'It was "password".'],
    ['auth.user', { auth: { kind: 'password', user: 'other', password: 'before' } }, 'other', 'It was "app".'],
  ])('%s is refused with both values', (path, differing, got, was) => {
    const { refused } = diffContracts(contract(), contract(differing));
    expect(refused).toMatchObject([{ code: 'READFLEET_CONTRACT_CHANGED', path, got }]);
    expect(refused?.[0]?.message).toContain(was);
  });

  test('a secret’s name is refused with both values', () => {
    const held = contract({ auth: { kind: 'secret', secretArn: 'arn:one' } });
    const next = contract({ auth: { kind: 'secret', secretArn: 'arn:two' } });
    expect(diffContracts(held, next).refused).toMatchObject([
      { path: 'auth.secretArn', got: 'arn:two', message: expect.stringContaining('"arn:one"') },
    ]);
  });

  test('a password is refused and shown nowhere', () => {
    const diff = diffContracts(contract(), contract({ auth: { kind: 'password', user: 'app', password: 'after' } }));
    const error = refusalError(diff);
    expect(diff.refused).toMatchObject([{ path: 'auth.password' }]);
    expect(JSON.stringify([diff, error, error?.message])).not.toMatch(/before|after/);
  });

  test('all of it is told in one error, with the way out', () => {
    const error = refusalError(
      diffContracts(contract(), contract({ fleet: 'users', database: 'other' })),
      'fleet.json',
    );
    expect(error?.code).toBe('READFLEET_CONTRACT_CHANGED');
    expect(error?.problems.map(({ path }) => path)).toEqual(['fleet', 'database']);
    expect(error?.message).toMatch(/^fleet\.json: 2 problems\n {2}READFLEET_CONTRACT_CHANGED {2}fleet {2}got: "users"/);
    expect(error?.message).toContain('connect() with the new contract');
  });

  test('no error where nothing is refused', () => {
    expect(refusalError(diffContracts(contract(), contract({ readers: [] })))).toBeUndefined();
  });
});

test('what is added, and not what is removed, changed or reweighted, makes the readers that are wanted', () => {
  const members = fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    host: fc.constantFrom('one', 'two'),
    port: fc.constantFrom(1, 2),
    weight: fc.constantFrom(1, 2),
  });
  const contracts = fc
    .uniqueArray(members, { selector: ({ name }) => name, minLength: 1, maxLength: 5 })
    .map(([writer, ...readers]) => contract({ writer: writer as ContractMember, readers }));
  fc.assert(
    fc.property(contracts, contracts, (from, to) => {
      const { added, removed, changed, reweighted, writer } = diffContracts(from, to);
      const readers = new Map(from.readers.map((reader) => [reader.name, reader]));
      for (const name of [...removed, (writer ?? from.writer).name]) readers.delete(name);
      for (const reader of [...changed, ...reweighted, ...added]) readers.set(reader.name, reader);
      const sorted = (list: readonly ContractMember[]) => [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
      expect(sorted([...readers.values()])).toEqual(sorted(to.readers));
      const address = ({ name, host, port }: ContractMember) => ({ name, host, port });
      expect(address(writer ?? from.writer)).toEqual(address(to.writer));
    }),
  );
});
