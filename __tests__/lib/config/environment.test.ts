import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ConnectOptions, FleetContract } from '../../../lib';
import { readEnvironment } from '../../../lib/config/environment';
import { InvalidConfigError } from '../../../lib/errors';

const PRIMARY = 'postgresql://app:secret@primary.example:5432/shop';
const REPLICA = 'postgresql://app:secret@replica.example:5432/shop';
const RDS = 'postgresql://app@orders.c1abc.eu-central-1.rds.amazonaws.com/shop';
const RDS_REPLICA = 'postgresql://app@orders-blue.c1abc.eu-west-1.rds.amazonaws.com/shop';

type Variables = Record<string, string>;

function contractOf(variables: Variables, code?: ConnectOptions): FleetContract {
  const { from } = readEnvironment({ DATABASE_URL: PRIMARY, ...variables }, code);
  if (!('version' in from)) throw new Error('It is a place.');
  return from;
}

function optionsOf(variables: Variables, code?: ConnectOptions): ConnectOptions {
  return readEnvironment({ DATABASE_URL: PRIMARY, ...variables }, code).options;
}

function notesOf(variables: Variables, code?: ConnectOptions): readonly string[] {
  return readEnvironment({ DATABASE_URL: PRIMARY, ...variables }, code).notes;
}

function refusalOf(variables: Variables): InvalidConfigError {
  try {
    readEnvironment(variables);
  } catch (error) {
    if (error instanceof InvalidConfigError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

/** Path and message of each problem. */
const problemsOf = (variables: Variables) =>
  refusalOf({ DATABASE_URL: PRIMARY, ...variables }).problems.map(({ path, message }) => [path, message]);

describe('a fleet of URLs', () => {
  test('is a contract', () => {
    expect(contractOf({ DATABASE_REPLICA_URL: REPLICA, NODE_ENV: 'production' })).toEqual({
      version: 1,
      fleet: 'shop',
      environment: 'production',
      topology: 'instances',
      engine: { major: 13 },
      database: 'shop',
      auth: { kind: 'password', user: 'app', password: 'secret' },
      tls: 'disable',
      writer: { name: 'primary', host: 'primary.example', port: 5_432 },
      readers: [{ name: 'replica', host: 'replica.example', port: 5_432 }],
      lag: { warningSeconds: 1, criticalSeconds: 5 },
    });
  });

  test('without replicas is a primary alone, and nothing is said of switches', () => {
    expect(contractOf({}).readers).toEqual([]);
    expect(optionsOf({})).toEqual({});
    expect(notesOf({})).toEqual([]);
  });

  test.each([
    ['a,b', ['replica-1', 'replica-2']],
    ['a b', ['replica-1', 'replica-2']],
    ['a,\n  b,', ['replica-1', 'replica-2']],
    ['blue=a, green=b', ['blue', 'green']],
    ['blue=a b', ['blue', 'replica-2']],
  ])('replicas may be a list: %j', (list, names) => {
    const urls = list.replace(/\b[ab]\b/g, (letter) => `postgresql://app:x,y@${letter}.example/shop`);
    const { readers } = contractOf({ DATABASE_REPLICA_URLS: urls });
    expect(readers.map(({ name }) => name)).toEqual(names);
    expect(readers.map(({ host }) => host)).toEqual(['a.example', 'b.example']);
  });

  test('replicas may be numbered, in the order of their numbers', () => {
    const { readers } = contractOf({
      READ_REPLICA_10_CONNECTION_STRING: 'postgresql://app:secret@ten/shop',
      READ_REPLICA_2_CONNECTION_STRING: 'postgresql://app:secret@two/shop',
      READ_REPLICA_1000_CONNECTION_STRING: 'postgresql://app:secret@thousand/shop',
    });
    expect(readers.map(({ name, host }) => [name, host])).toEqual([
      ['replica-2', 'two'],
      ['replica-10', 'ten'],
      ['replica-1000', 'thousand'],
    ]);
  });

  test.each(['', ',', ' , '])('a list of replicas without any (%j) is none', (DATABASE_REPLICA_URLS) => {
    expect(contractOf({ DATABASE_REPLICA_URLS }).readers).toEqual([]);
    expect(notesOf({ DATABASE_REPLICA_URLS })).toEqual([]);
  });

  test('a replica takes user, password and database of the primary where its URL is silent', () => {
    expect(contractOf({ DATABASE_REPLICA_URL: 'postgresql://replica.example' })).toMatchObject({
      auth: { user: 'app', password: 'secret' },
      database: 'shop',
    });
    expect(optionsOf({ DATABASE_REPLICA_URL: 'postgresql://replica.example' })).not.toHaveProperty('password');
  });

  test('passwords may differ: each member is given its own, and one that comes later the primary’s', async () => {
    const { password } = optionsOf({ DATABASE_REPLICA_URL: 'postgresql://app:other@replica.example/shop' });
    const of = (host: string) => (password as (member: object) => string)({ name: 'x', host, port: 5_432 });
    expect([of('primary.example'), of('replica.example'), of('new.example')]).toEqual(['secret', 'other', 'secret']);
  });

  test('PGUSER and PGPASSWORD stand in for what no URL says, as in pg', () => {
    const variables = { DATABASE_URL: 'postgresql://db/shop', PGUSER: 'me', PGPASSWORD: 'mine' };
    expect(contractOf(variables).auth).toEqual({ kind: 'password', user: 'me', password: 'mine' });
    expect(contractOf({ ...variables, DATABASE_URL: PRIMARY }).auth).toMatchObject({ user: 'app', password: 'secret' });
  });

  test('the primary named as its own replica is left out, and that is told', () => {
    const variables = { DATABASE_REPLICA_URL: PRIMARY.replace('primary', 'PRIMARY') };
    expect(contractOf(variables).readers).toEqual([]);
    expect(notesOf(variables)).toEqual([
      'DATABASE_REPLICA_URL names the primary itself: it was left out, and reads go to the primary.',
    ]);
  });

  test('names and topology may be said', () => {
    const variables = { READFLEET_FLEET: 'orders', READFLEET_ENVIRONMENT: 'blue', READFLEET_TOPOLOGY: 'aurora' };
    expect(contractOf(variables)).toMatchObject({ fleet: 'orders', environment: 'blue', topology: 'aurora' });
  });

  test.each([
    ['my_Shop.2', 'my-shop-2'],
    ['2nd', 'nd'],
    ['ß', 'fleet'],
  ])('a database %s is a fleet %s', (database, fleet) => {
    expect(contractOf({ DATABASE_URL: `postgresql://app:x@db/${database}` }).fleet).toBe(fleet);
  });

  test('application_name and connect_timeout of the primary’s URL are options', () => {
    expect(optionsOf({ DATABASE_URL: `${PRIMARY}?application_name=till&connect_timeout=5` })).toEqual({
      applicationName: 'till',
      pools: { connectTimeoutMs: 5_000 },
    });
  });

  test('a pooler between is an option, with a word on what it costs', () => {
    const variables = { DATABASE_URL: `${PRIMARY}?pgbouncer=true` };
    expect(optionsOf(variables)).toEqual({ pooler: true });
    expect(notesOf(variables)).toEqual([expect.stringMatching(/^pgbouncer=true: sessions hold nothing/)]);
  });
});

describe('TLS', () => {
  test('hosts of RDS are verified without being asked, in every region', () => {
    expect(contractOf({ DATABASE_URL: RDS, DATABASE_REPLICA_URL: RDS_REPLICA })).toMatchObject({
      tls: 'verify-full',
      region: 'eu-central-1',
      readers: [{ region: 'eu-west-1' }],
    });
    const china = RDS.replace('eu-central-1.rds.amazonaws.com', 'cn-north-1.rds.amazonaws.com.cn');
    expect(contractOf({ DATABASE_URL: china })).toMatchObject({ tls: 'verify-full', region: 'cn-north-1' });
  });

  test('other hosts are as with pg, unless their URL says so', () => {
    expect(contractOf({}).tls).toBe('disable');
    expect(contractOf({ DATABASE_URL: `${PRIMARY}?sslmode=require` }).tls).toBe('verify-full');
  });

  test('who asks for the clear gets it, also of RDS', () => {
    const url = `${RDS.replace('app@', 'app:x@')}?sslmode=disable`;
    expect(contractOf({ DATABASE_URL: url }).tls).toBe('disable');
  });

  test('no-verify is an option of the connection: the contract knows none', () => {
    const variables = { DATABASE_URL: `${PRIMARY}?sslmode=no-verify` };
    expect(contractOf(variables).tls).toBe('verify-full');
    expect(optionsOf(variables)).toEqual({ tls: 'no-verify' });
  });

  test('of RDS it is refused', () => {
    expect(problemsOf({ DATABASE_URL: `${RDS}?sslmode=no-verify` })).toEqual([
      ['DATABASE_URL', 'A host of RDS can be verified: readfleet knows its authorities.'],
    ]);
  });

  test('all members are spoken to alike', () => {
    expect(problemsOf({ DATABASE_REPLICA_URL: `${REPLICA}?sslmode=require` })).toEqual([
      ['DATABASE_REPLICA_URL', 'TLS is "verify-full" here and "disable" in DATABASE_URL.'],
    ]);
  });

  describe('sslrootcert', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'readfleet-environment-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    test('is read', () => {
      const file = path.join(folder, 'ca.pem');
      writeFileSync(file, 'PEM');
      const query = `?sslmode=require&sslrootcert=${encodeURIComponent(file)}`;
      const both = { DATABASE_URL: PRIMARY + query, DATABASE_REPLICA_URL: REPLICA + query };
      expect(optionsOf(both)).toMatchObject({ ca: 'PEM' });
      expect(problemsOf({ ...both, DATABASE_REPLICA_URL: `${REPLICA}?sslmode=require` })).toEqual([
        ['DATABASE_REPLICA_URL', 'It has another sslrootcert than DATABASE_URL.'],
      ]);
    });

    test('that is not there is a problem', () => {
      expect(problemsOf({ DATABASE_URL: `${PRIMARY}?sslrootcert=${folder}/none.pem` })).toEqual([
        ['DATABASE_URL', expect.stringMatching(/^sslrootcert cannot be read: ENOENT/)],
      ]);
    });
  });
});

describe('who has no password', () => {
  test('logs in with IAM on RDS', () => {
    expect(contractOf({ DATABASE_URL: RDS }).auth).toEqual({ kind: 'iam', user: 'app' });
  });

  test('is let in without one elsewhere, if at all', () => {
    expect(contractOf({ DATABASE_URL: 'postgresql://app@db/shop' }).auth).toEqual({
      kind: 'password',
      user: 'app',
      password: '',
    });
  });

  test('IAM is for all members, and never in the clear', () => {
    expect(
      problemsOf({
        DATABASE_URL: `${RDS}?sslmode=disable`,
        DATABASE_REPLICA_URL: `${RDS_REPLICA.replace('app@', 'app:x@')}?sslmode=disable`,
      }),
    ).toEqual([
      ['DATABASE_URL', 'It has no password, so IAM is how to log in, and that needs TLS.'],
      ['DATABASE_REPLICA_URL', 'It has a password, and DATABASE_URL has none.'],
    ]);
  });
});

describe('replicas are read', () => {
  const note = expect.stringMatching(/^Replicas are named, and every read goes to the primary: .*=true.* =false/);

  test('when somebody says so, and not before', () => {
    const named = { DATABASE_REPLICA_URL: REPLICA };
    expect(optionsOf(named)).toEqual({ readReplicas: false });
    expect(notesOf(named)).toEqual([note]);
    for (const [text, readReplicas] of [
      ['true', true],
      ['1', true],
      ['YES', true],
      ['on', true],
      ['false', false],
      ['0', false],
      ['no', false],
      ['off', false],
    ] as const) {
      expect(optionsOf({ ...named, ENABLE_READ_REPLICAS: text })).toEqual({ readReplicas });
      expect(notesOf({ ...named, ENABLE_READ_REPLICAS: text })).toEqual([]);
    }
  });

  test('by any of its names, which say the same', () => {
    for (const name of ['USE_READ_REPLICAS', 'DB_READ_REPLICAS_ENABLED']) {
      expect(optionsOf({ DATABASE_REPLICA_URL: REPLICA, [name]: 'true' })).toEqual({ readReplicas: true });
    }
    expect(problemsOf({ ENABLE_READ_REPLICAS: 'true', DB_READ_REPLICAS_ENABLED: 'false' })).toEqual([
      ['DB_READ_REPLICAS_ENABLED', 'ENABLE_READ_REPLICAS means the same, and says true.'],
    ]);
  });

  test('the code may say so too, and wins', () => {
    const named = { DATABASE_REPLICA_URL: REPLICA };
    expect(optionsOf(named, { readReplicas: true })).toEqual({ readReplicas: true });
    expect(notesOf(named, { readReplicas: true })).toEqual([]);
    expect(optionsOf({ ...named, ENABLE_READ_REPLICAS: 'true' }, { readReplicas: false })).toEqual({
      readReplicas: false,
    });
  });

  test('that there are none to read is told', () => {
    expect(notesOf({ ENABLE_READ_REPLICAS: 'true' })).toEqual([
      'ENABLE_READ_REPLICAS is on, and no replica is named: name it in DATABASE_REPLICA_URL.',
    ]);
  });

  test('a contract is of a fleet that is to be read', () => {
    const READFLEET_CONTRACT = JSON.stringify(contractOf({ DATABASE_REPLICA_URL: REPLICA }));
    expect(readEnvironment({ READFLEET_CONTRACT })).toMatchObject({ options: {}, notes: [] });
    expect(readEnvironment({ READFLEET_CONTRACT, ENABLE_READ_REPLICAS: 'false' }).options).toEqual({
      readReplicas: false,
    });
  });
});

describe('endpoints', () => {
  const named = { REPLICA_ENABLED_ENDPOINTS: 'message.history, user.profile' };

  test('that are named may read from replicas, and no other read may', () => {
    expect(optionsOf(named).endpoints).toEqual({
      '*': { enabled: false },
      'message.history': { enabled: true },
      'user.profile': { enabled: true },
    });
  });

  test('a star is all of them, and so is a variable that is not set', () => {
    expect(optionsOf({ REPLICA_ENABLED_ENDPOINTS: '*' })).toEqual({});
    expect(notesOf({ REPLICA_ENABLED_ENDPOINTS: '*' })).toEqual([]);
    expect(optionsOf({})).toEqual({});
  });

  test.each(['', ' ', ',', ' , ,\n'])('a list without a name (%j) enables none, and that is told', (text) => {
    const variables = { REPLICA_ENABLED_ENDPOINTS: text };
    expect(optionsOf(variables)).toEqual({ endpoints: { '*': { enabled: false } } });
    expect(notesOf(variables)).toEqual([
      expect.stringMatching(/^REPLICA_ENABLED_ENDPOINTS is set and names no endpoint: none reads from replicas/),
    ]);
    expect(notesOf({ ...variables, ENABLE_READ_REPLICAS: 'false' })).toEqual([]);
    expect(optionsOf(variables, { endpoints: { search: { rollout: 5 }, feed: { timeoutMs: 5 } } }).endpoints).toEqual({
      '*': { enabled: false },
      search: { rollout: 5 },
      feed: { enabled: false, timeoutMs: 5 },
    });
  });

  test('of a contract too', () => {
    const variables = { READFLEET_CONTRACT: 'fleet.json', REPLICA_ENABLED_ENDPOINTS: '' };
    expect(readEnvironment(variables).options).toEqual({ endpoints: { '*': { enabled: false } } });
  });

  test('what the code says of one comes on top, and a switch of the code wins', () => {
    const code = {
      'message.history': { maxStalenessMs: 200 },
      'user.profile': { enabled: false },
      reports: { timeoutMs: 5 },
      search: { rollout: 25 },
    };
    expect(optionsOf(named, { endpoints: code }).endpoints).toEqual({
      '*': { enabled: false },
      'message.history': { enabled: true, maxStalenessMs: 200 },
      'user.profile': { enabled: false },
      reports: { enabled: false, timeoutMs: 5 },
      search: { rollout: 25 },
    });
  });
});

describe('options', () => {
  test('of the code win over those of variables, field by field', () => {
    const variables = { DATABASE_POOL_SIZE: '7', REPLICA_CONNECTION_POOL_SIZE: '8', DB_QUERY_TIMEOUT: '9s' };
    const code = { pools: { primaryMax: 1, replicaMax: undefined as never }, zone: 'a', timeoutMs: undefined };
    expect(optionsOf(variables, code)).toEqual({
      pools: { primaryMax: 1, replicaMax: 8 },
      timeoutMs: 9_000,
      zone: 'a',
    });
  });

  test.each([
    ['500', 500],
    ['500ms', 500],
    ['1.5s', 1_500],
    ['10 m', 600_000],
    ['1h', 3_600_000],
  ])('a time may be %s', (text, expected) => {
    expect(optionsOf({ DB_QUERY_TIMEOUT: text }).timeoutMs).toBe(expected);
  });

  test('a pause that was asked for is not cut short by the longest of the defaults', () => {
    expect(optionsOf({ CIRCUIT_BREAKER_OPEN_DURATION: '10m' }).breaker).toEqual({
      openMs: 600_000,
      longestMs: 600_000,
    });
    expect(optionsOf({ CIRCUIT_BREAKER_OPEN_DURATION: '30s' }).breaker).toEqual({ openMs: 30_000 });
  });

  test('an empty variable is none', () => {
    expect(optionsOf({ DATABASE_POOL_SIZE: '', DATABASE_REPLICA_URL: ' ' })).toEqual({});
  });

  test('two names of one option may say the same, and nothing else', () => {
    expect(optionsOf({ DATABASE_POOL_SIZE: '7', DB_MAX_CONNECTIONS: '7' }).pools).toEqual({ primaryMax: 7 });
    expect(problemsOf({ DATABASE_POOL_SIZE: '7', DB_MAX_CONNECTIONS: '8' })).toEqual([
      ['DB_MAX_CONNECTIONS', 'DATABASE_POOL_SIZE means the same, and says 7.'],
    ]);
  });

  describe('replicas are looked at', () => {
    test('as often as a variable says, where that is often enough for the bound', () => {
      expect(optionsOf({ REPLICA_LAG_POLL_INTERVAL: '250' }).lag).toEqual({ pollMs: 250 });
      const relaxed = { REPLICA_LAG_POLL_INTERVAL: '10s', READFLEET_MAX_STALENESS: '20s' };
      expect(optionsOf(relaxed)).toEqual({ lag: { pollMs: 10_000 }, maxStalenessMs: 20_000 });
      expect(notesOf(relaxed)).toEqual([]);
    });

    test('else twice within the bound, and that is told: no read would ever be served', () => {
      const variables = { REPLICA_LAG_POLL_INTERVAL: '10000' };
      expect(optionsOf(variables).lag).toEqual({ pollMs: 500 });
      expect(notesOf(variables)).toEqual([
        expect.stringMatching(/^Replication is looked at every 500 ms and not every 10000:/),
      ]);
      expect(optionsOf(variables, { maxStalenessMs: 4_000 }).lag).toEqual({ pollMs: 2_000 });
      expect(optionsOf(variables, { maxStalenessMs: Number.POSITIVE_INFINITY }).lag).toEqual({ pollMs: 10_000 });
    });

    test('as often as the code says, whatever comes of it', () => {
      const code = { lag: { pollMs: 5_000 } };
      expect(optionsOf({ REPLICA_LAG_POLL_INTERVAL: '10000' }, code).lag).toEqual({ pollMs: 5_000 });
      expect(notesOf({ REPLICA_LAG_POLL_INTERVAL: '10000' }, code)).toEqual([]);
    });
  });
});

describe('thresholds of lag', () => {
  test.each([
    [{ REPLICA_LAG_WARNING_THRESHOLD: '5', REPLICA_LAG_CRITICAL_THRESHOLD: '10' }, 5, 10],
    [{ REPLICA_LAG_WARNING_THRESHOLD: '500ms' }, 0.5, 5],
    [{ REPLICA_LAG_WARNING_THRESHOLD: '8' }, 8, 8],
    [{ REPLICA_LAG_CRITICAL_THRESHOLD: '0.5s' }, 0.5, 0.5],
  ])('%j', (variables, warningSeconds, criticalSeconds) => {
    expect(contractOf(variables as Variables).lag).toEqual({ warningSeconds, criticalSeconds });
  });

  test('a warning after the alarm is refused', () => {
    expect(problemsOf({ REPLICA_LAG_WARNING_THRESHOLD: '10', REPLICA_LAG_CRITICAL_THRESHOLD: '5' })).toEqual([
      ['REPLICA_LAG_WARNING_THRESHOLD', 'Must not be more than REPLICA_LAG_CRITICAL_THRESHOLD, 5 seconds.'],
    ]);
  });
});

describe('READFLEET_CONTRACT', () => {
  const contract = contractOf({ DATABASE_REPLICA_URL: REPLICA });

  test('as JSON is the contract, and wins over URLs', () => {
    const { from } = readEnvironment({ READFLEET_CONTRACT: JSON.stringify(contract), DATABASE_URL: 'nonsense' });
    expect(from).toEqual(contract);
  });

  test.each([
    ['fleet.json', { file: 'fleet.json' }],
    ['ssm:/readfleet/orders/production/contract', { ssm: '/readfleet/orders/production/contract' }],
    ['arn:aws:ssm:eu-central-1:1:parameter/x', { ssm: 'arn:aws:ssm:eu-central-1:1:parameter/x' }],
    ['arn:aws-cn:secretsmanager:cn-north-1:1:secret:x', { secret: 'arn:aws-cn:secretsmanager:cn-north-1:1:secret:x' }],
  ])('may be a place: %s', (READFLEET_CONTRACT, from) => {
    expect(readEnvironment({ READFLEET_CONTRACT }).from).toEqual(from);
  });

  test.each([
    [PRIMARY, 'postgresql://app:***@primary.example:5432/shop'],
    ['mysql://app:hunter2@db/shop', '(hidden)'],
    ['app:hunter2@db/shop', '(hidden)'],
    ['host=db password=hunter2', '(hidden)'],
    ['ssm:postgresql://app:hunter2@db/shop', '(hidden)'],
  ])('that is the login of a database is none: %s', (READFLEET_CONTRACT, got) => {
    expect(refusalOf({ READFLEET_CONTRACT }).problems).toEqual([
      {
        code: 'READFLEET_ENV_INVALID',
        path: 'READFLEET_CONTRACT',
        got,
        message: 'It is a URL, or a login, and none of the places where a contract may be.',
        fix: 'Did you mean DATABASE_URL? A contract is JSON, a file, ssm:/path, or an ARN of a parameter or a secret.',
      },
    ]);
  });

  test.each(['/srv/app@1.2/fleet.json', 'app@2/fleet.json', 'C:\\app@1\\fleet.json', './a:b@c.json'])(
    'may be a file %s',
    (file) => {
      expect(readEnvironment({ READFLEET_CONTRACT: file }).from).toEqual({ file });
    },
  );

  test('may be a secret with an @ in its name', () => {
    const secret = 'arn:aws:secretsmanager:eu-central-1:1:secret:orders@live-a1b2c3';
    expect(readEnvironment({ READFLEET_CONTRACT: secret }).from).toEqual({ secret });
  });

  test('that is wrong is told as any variable', () => {
    const READFLEET_CONTRACT = JSON.stringify({ ...contract, database: '', tls: 'perhaps' });
    expect(problemsOf({ READFLEET_CONTRACT, DATABASE_POOL_SIZE: 'many' }).map(([path]) => path)).toEqual([
      'DATABASE_POOL_SIZE',
      'READFLEET_CONTRACT database',
      'READFLEET_CONTRACT tls',
    ]);
  });

  test('of another version says which', () => {
    expect(problemsOf({ READFLEET_CONTRACT: '{"version":2}' })).toEqual([
      [
        'READFLEET_CONTRACT',
        expect.stringContaining('contract version 2, but this release of readfleet reads version 1'),
      ],
    ]);
  });

  test('that is no JSON is not quoted: a password may be in it', () => {
    const { message } = refusalOf({ READFLEET_CONTRACT: '{"password":"hunter2' });
    expect(message).toContain('It is no JSON.');
    expect(message).not.toContain('hunter2');
  });

  test('has thresholds of its own', () => {
    const variables = { READFLEET_CONTRACT: 'fleet.json', REPLICA_LAG_WARNING_THRESHOLD: '5' };
    expect(readEnvironment(variables).notes).toEqual([
      'REPLICA_LAG_WARNING_THRESHOLD has no effect: the contract has thresholds of its own.',
    ]);
  });
});

describe('variables as other systems have them', () => {
  test('with a pooler, thresholds and endpoints', () => {
    const { options, notes } = readEnvironment({
      DATABASE_URL: 'postgresql://user:pass@primary:5432/db?pgbouncer=true',
      DATABASE_REPLICA_URL: 'postgresql://user:pass@replica:5432/db?pgbouncer=true',
      ENABLE_READ_REPLICAS: 'true',
      REPLICA_CONNECTION_POOL_SIZE: '30',
      DATABASE_POOL_SIZE: '50',
      REPLICA_LAG_POLL_INTERVAL: '10000',
      REPLICA_LAG_WARNING_THRESHOLD: '5',
      REPLICA_LAG_CRITICAL_THRESHOLD: '10',
      CIRCUIT_BREAKER_FAILURE_THRESHOLD: '3',
      CIRCUIT_BREAKER_SUCCESS_THRESHOLD: '5',
      CIRCUIT_BREAKER_OPEN_DURATION: '30000',
      CIRCUIT_BREAKER_HALF_OPEN_TIMEOUT: '10000',
      REPLICA_ENABLED_ENDPOINTS: 'message.history',
    });
    expect(options).toEqual({
      readReplicas: true,
      pooler: true,
      pools: { primaryMax: 50, replicaMax: 30 },
      lag: { pollMs: 500 },
      breaker: { failures: 3, successes: 5, openMs: 30_000 },
      endpoints: { '*': { enabled: false }, 'message.history': { enabled: true } },
    });
    expect(notes.map((note) => note.split(/[ :=]/)[0])).toEqual([
      'CIRCUIT_BREAKER_HALF_OPEN_TIMEOUT',
      'pgbouncer',
      'Replication',
    ]);
  });

  test('with numbered replicas and times in words', () => {
    const { from, options, notes } = readEnvironment({
      DATABASE_URL: 'postgresql://user:password@primary-host:5432/hospitality',
      USE_READ_REPLICAS: 'true',
      READ_REPLICA_1_CONNECTION_STRING: 'postgresql://user:password@replica-1-host:5432/hospitality',
      READ_REPLICA_2_CONNECTION_STRING: 'postgresql://user:password@replica-2-host:5432/hospitality',
      DB_MAX_CONNECTIONS: '100',
      DB_MAX_IDLE_TIME: '10m',
      DB_MAX_LIFETIME: '1h',
      DB_CONNECTION_TIMEOUT: '30s',
      DB_QUERY_TIMEOUT: '60s',
    });
    expect(from).toMatchObject({ readers: [{ name: 'replica-1' }, { name: 'replica-2' }] });
    expect(options).toEqual({
      readReplicas: true,
      pools: { primaryMax: 100, idleTimeoutMs: 600_000, maxLifetimeMs: 3_600_000, connectTimeoutMs: 30_000 },
      timeoutMs: 60_000,
    });
    expect(notes).toEqual([]);
  });
});

describe('what is wrong', () => {
  test('is told all at once, with variable, value and what to do, and without a password', () => {
    const { code, message } = refusalOf({
      DATABASE_REPLICAS_URL: REPLICA,
      DATABASE_URL: 'postgresql://app:hunter2@db:x/shop?sslmode=on',
      DATABASE_REPLICA_URL: 'postgresql://app:hunter2@blue/stock?colour=red',
      DATABASE_POOL_SIZE: 'many',
      ENABLE_READ_REPLICAS: 'maybe',
      REPLICA_LAG_POLL_INTERVAL: '-1',
    });
    expect(code).toBe('READFLEET_ENV_INVALID');
    expect(message).toBe(
      [
        'environment variables: 6 problems',
        '  READFLEET_ENV_INVALID  ENABLE_READ_REPLICAS  got: "maybe"',
        '    Must be true or false.',
        '  READFLEET_ENV_INVALID  DATABASE_POOL_SIZE  got: "many"',
        '    Must be a whole number, 1 or more.',
        '  READFLEET_ENV_INVALID  REPLICA_LAG_POLL_INTERVAL  got: "-1"',
        '    Must be a time, more than 0: a number of milliseconds, or e.g. 500ms, 10s, 5m, 1h.',
        '  READFLEET_ENV_INVALID  DATABASE_URL  got: "postgresql://***@db:x"',
        '    sslmode=on is not known.',
        '    Must be require, verify-ca or verify-full (the same here), no-verify or disable.',
        '  READFLEET_ENV_INVALID  DATABASE_URL  got: "postgresql://***@db:x"',
        '    The port must be a whole number, 1 to 65535.',
        '    Write e.g. host:5432. In user and password write / as %2F, ? as %3F, # as %23, @ as %40, : as %3A and % as %25.',
        '  READFLEET_ENV_INVALID  DATABASE_REPLICA_URL  got: "postgresql://***@blue"',
        '    "colour" is no parameter that readfleet knows.',
        '    Leave it out.',
        '  hint: DATABASE_REPLICAS_URL is not read. Was DATABASE_REPLICA_URLS meant?',
      ].join('\n'),
    );
  });

  test.each<[unknown, string]>([
    [undefined, 'nothing'],
    [null, 'null'],
    [7, '7'],
    [PRIMARY, '"postgresql://app:***@primary.example:5432/shop"'],
  ])('environment variables that are none (%j) are told as such', (env, got) => {
    expect(refusalOf(env as Variables).message).toBe(
      [
        'environment variables: 1 problem',
        `  READFLEET_ENV_INVALID  env  got: ${got}`,
        '    Must be an object with environment variables.',
        '    Write connect({ env: process.env }).',
      ].join('\n'),
    );
  });

  test('names the one that was probably meant', () => {
    expect(refusalOf({ DATABASE_URI: PRIMARY }).message).toBe(
      [
        'environment variables: 1 problem',
        '  READFLEET_ENV_INVALID  DATABASE_URL  got: nothing',
        '    It is missing, and so is READFLEET_CONTRACT.',
        '    Write DATABASE_URL=postgresql://user:password@host:5432/database.',
        '  hint: DATABASE_URI is not read. Was DATABASE_URL meant?',
      ].join('\n'),
    );
  });

  test.each([
    ['DATABASE_REPLICAS_URL', 'DATABASE_REPLICA_URL'],
    ['REPLICA_DATABASE_URL', 'DATABASE_REPLICA_URL'],
    ['ENABLE_READ_REPLICA', 'ENABLE_READ_REPLICAS'],
    ['DATABASE_POOLSIZE', 'DATABASE_POOL_SIZE'],
  ])('%s is told to be probably %s', (name, meant) => {
    expect(notesOf({ [name]: '1' })).toEqual([`${name} is not read. Was ${meant} meant?`]);
  });

  test.each(['DATABASE_URL_TEST', 'PATH', 'PGHOST', 'PGUSERS', 'REDIS_URL', 'READFLEET_OFFLINE', 'READFLEET_PASSWORD'])(
    '%s is somebody else’s',
    (name) => {
      expect(notesOf({ [name]: '1' })).toEqual([]);
    },
  );

  test.each(['CIRCUIT_BREAKER_HALF_OPEN_TIMEOUT', 'DB_MIN_CONNECTIONS'])('%s is told to have no effect', (name) => {
    expect(notesOf({ [name]: '10' })).toEqual([expect.stringMatching(new RegExp(`^${name} has no effect: `))]);
  });

  test.each([
    [{ DATABASE_URL: 'postgresql://db/shop' }, 'DATABASE_URL', 'It names no user.'],
    [{ DATABASE_URL: 'postgresql://app:x@db' }, 'DATABASE_URL', 'It names no database.'],
    [{ DATABASE_REPLICA_URL: `${REPLICA}2` }, 'DATABASE_REPLICA_URL', 'It names another database than DATABASE_URL.'],
    [
      { DATABASE_REPLICA_URL: REPLICA.replace('app', 'reader') },
      'DATABASE_REPLICA_URL',
      'It names another user than DATABASE_URL.',
    ],
    [
      { DATABASE_REPLICA_URL: REPLICA, DATABASE_REPLICA_URLS: `blue=${REPLICA}` },
      'DATABASE_REPLICA_URLS[0]',
      'It names a server that another URL names already.',
    ],
    [
      { DATABASE_REPLICA_URLS: `blue=${REPLICA}, blue=${REPLICA.replace('replica', 'other')}` },
      'DATABASE_REPLICA_URLS[1]',
      'Another member is named blue already.',
    ],
    [
      { DATABASE_REPLICA_URLS: `Blue_1=${REPLICA}` },
      'DATABASE_REPLICA_URLS[0]',
      '"Blue_1" is no name of a member: lower-case letters, digits and hyphens, a letter first.',
    ],
    [{ DATABASE_REPLICA_URLS: 'blue' }, 'DATABASE_REPLICA_URLS[0]', 'Must be a URL of PostgreSQL.'],
    [{ READFLEET_FLEET: 'My Fleet' }, 'READFLEET_FLEET', /^Must be lower-case letters/],
    [{ READFLEET_TOPOLOGY: 'star' }, 'READFLEET_TOPOLOGY', /^Must be one of instances, /],
    [{ REPLICA_LAG_WARNING_THRESHOLD: 'soon' }, 'REPLICA_LAG_WARNING_THRESHOLD', /^Must be a time, more than 0/],
  ])('%j', (variables, name, message) => {
    expect(problemsOf(variables as Variables)).toEqual([
      [name, message instanceof RegExp ? expect.stringMatching(message) : message],
    ]);
  });

  test.each([
    ['orders.cluster-ro-c1abc', /^It is the reader endpoint of a cluster: another server may answer/],
    ['orders.cluster-custom-c1abc', /^It is the reader endpoint of a cluster: /],
    ['orders.proxy-c1abc', /^It is an RDS Proxy: /],
  ])('%s.… is no server, so that nothing would be known of its lag', (host, message) => {
    const url = `postgresql://app:secret@${host}.eu-central-1.rds.amazonaws.com/shop`;
    expect(problemsOf({ DATABASE_URL: RDS.replace('app@', 'app:secret@'), DATABASE_REPLICA_URL: url })).toEqual([
      ['DATABASE_REPLICA_URL', expect.stringMatching(message)],
    ]);
  });

  test('a cluster’s writer endpoint is one server at a time', () => {
    const url = 'postgresql://app@orders.cluster-c1abc.eu-central-1.rds.amazonaws.com/shop';
    expect(contractOf({ DATABASE_URL: url, READFLEET_TOPOLOGY: 'aurora' }).region).toBe('eu-central-1');
  });
});
