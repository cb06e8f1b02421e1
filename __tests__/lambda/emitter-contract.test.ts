import fc from 'fast-check';
import { parseEmitterContract } from '../../lambda/emitter-contract';
import { type FleetContract, parseContract, TOPOLOGIES } from '../../lib/contract';
import { CONTRACT as FLEET } from './simulated-fleet';

const CONTRACT = {
  ...FLEET,
  version: 1,
  region: 'eu-central-1',
  engine: { major: 17 },
  lag: { warningSeconds: 1, criticalSeconds: 5 },
} as unknown as FleetContract;

const parse = (contract: unknown) => parseEmitterContract(JSON.stringify(contract), 'here');

/** A contract without the value at `path`, or with another in its place. */
function changed(path: readonly (string | number)[], value?: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(CONTRACT));
  const parent = path.slice(0, -1).reduce((inner, key) => inner[key], copy);
  parent[path.at(-1) as string] = value;
  return copy;
}

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const word = fc.stringMatching(/^[a-zA-Z0-9._-]{1,30}$/);
const member = fc.record(
  {
    name,
    host: word,
    port: fc.integer({ min: 1, max: 65_535 }),
    region: word,
    zone: word,
    weight: fc.integer({ min: 1 }),
  },
  { requiredKeys: ['name', 'host', 'port'] },
);
const contracts = fc.record({
  version: fc.constant(1),
  fleet: name,
  environment: name,
  topology: fc.constantFrom(...TOPOLOGIES),
  region: word,
  engine: fc.constant({ major: 17 }),
  database: fc.string({ minLength: 1 }),
  tls: fc.constantFrom('verify-full', 'disable'),
  auth: fc.oneof(
    fc.record({ kind: fc.constant('iam'), user: word }),
    fc.record({ kind: fc.constant('password'), user: word, password: fc.string() }),
  ),
  writer: member.map((one) => ({ ...one, name: 'the-writer-itself-has-a-name' })),
  readers: fc.uniqueArray(member, { selector: (one) => one.name, maxLength: 15 }),
  lag: fc.constant({ warningSeconds: 1, criticalSeconds: 5 }),
});

test('every contract that a deployment writes is taken as it is', () => {
  fc.assert(
    fc.property(contracts, (written) => {
      const { fleet, environment, topology, region, database, tls, auth, writer, readers } = parseContract(written);
      expect(parse(written)).toMatchObject({
        fleet,
        environment,
        topology,
        region,
        database,
        tls,
        auth,
        writer,
        readers,
      });
    }),
  );
});

const TEXTS = [['fleet'], ['environment'], ['topology'], ['database'], ['tls']] as const;
const MEMBERS = [['writer'], ['readers', 0]] as const;

test.each([
  ...TEXTS.flatMap((path) => [undefined, '', 7].map((value) => [path, value, path[0]] as const)),
  [['region'], 7, 'region'] as const,
  [['topology'], 'toString', 'topology'] as const,
  [['tls'], 'prefer', 'tls'] as const,
  [['auth'], undefined, 'auth'] as const,
  [['auth'], { kind: 'secret', secretArn: 'arn' }, 'auth'] as const,
  [['auth', 'user'], undefined, 'auth'] as const,
  [['auth', 'password'], undefined, 'auth'] as const,
  [['lag'], undefined, 'lag.criticalSeconds'] as const,
  [['lag', 'criticalSeconds'], 0, 'lag.criticalSeconds'] as const,
  [['readers'], undefined, 'readers'] as const,
  [['readers'], {}, 'readers'] as const,
  ...MEMBERS.flatMap((path) => {
    const told = path.length === 1 ? 'writer' : 'readers[0]';
    return [
      [path, undefined, told] as const,
      [path, [], told] as const,
      [[...path, 'name'], undefined, told] as const,
      [[...path, 'host'], '', told] as const,
      [[...path, 'port'], '5432', told] as const,
      [[...path, 'port'], 0, told] as const,
      [[...path, 'port'], 65_536, told] as const,
      [[...path, 'port'], 1.5, told] as const,
      [[...path, 'region'], 7, told] as const,
    ];
  }),
])('with %j being %j it is refused, and the place is named', (path, value, told) => {
  expect(() => parse(changed(path, value))).toThrow(
    expect.objectContaining({
      code: 'READFLEET_EMITTER_SETTINGS',
      message: `here: missing or wrong: ${told}. Deploy the fleet again.`,
    }),
  );
});

test('everything that is wrong is named at once', () => {
  expect(() => parse({ version: 1 })).toThrow(
    'missing or wrong: fleet, environment, topology, database, tls, auth, lag.criticalSeconds, writer, readers.',
  );
});

test.each([undefined, 2, '1'])('the version %j is refused', (version) => {
  expect(() => parse({ ...CONTRACT, version })).toThrow(/here: must be of version 1, got: /);
});

test.each([undefined, '', '[]', 'null', '"text"', '{"auth":{"password":"hunter2"}'])('%j is refused', (text) => {
  expect(() => parseEmitterContract(text, 'here')).toThrow(/^here: not JSON, or no object\. Deploy the fleet again\.$/);
});

test('IAM without a region is refused: a token is signed for one', () => {
  expect(() => parse({ ...CONTRACT, region: undefined, auth: { kind: 'iam', user: 'emitter' } })).toThrow(
    /it has no region, and an IAM token is signed for one/,
  );
});

test('no refusal tells a password', () => {
  const auth = { kind: 'password', user: '', password: 'hunter2' };
  expect(() => parse({ ...CONTRACT, auth, fleet: '' })).toThrow(/^(?!.*hunter2).*wrong: fleet, auth\./);
});
