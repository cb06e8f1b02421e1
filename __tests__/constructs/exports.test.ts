import { parseContract } from '../../lib/contract';
import { checked, checkedCluster } from './support/environments';
import { type Synthesised, synthesise, tf } from './support/synth';

const production = synthesise(checked());

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: readonly string[];
}

/** A policy's statements, once Terraform knows its tokens: each becomes what it refers to. */
function statements(stack: Synthesised, policy = 'client'): Statement[] {
  const text = String(stack.one('aws_iam_policy', policy).policy);
  const known = text
    .replace(/\$\{element\(split\(\\?":\\?", aws_kms_key\.fleet\.arn\), 4\)\}/g, '123456789012')
    .replace(/\$\{[^}]*?aws_(?:db_instance|rds_cluster|db_proxy)\.([a-z-]+)\.[^}]*\}/g, '<$1>');
  return (JSON.parse(known) as { Statement: Statement[] }).Statement;
}

test('one parameter for each common need, none of them a secret', () => {
  const parameters = Object.values(production.resource.aws_ssm_parameter ?? {});

  expect(parameters.map(({ name, insecure_value, type }) => [name, type, insecure_value])).toEqual([
    ['/readfleet/orders/test/contract', 'String', expect.stringContaining('"version":1')],
    ['/readfleet/orders/test/database', 'String', 'orders'],
    ['/readfleet/orders/test/reader', 'String', tf('aws_db_instance.replica-blue.address')],
    ['/readfleet/orders/test/writer', 'String', tf('aws_db_instance.primary.address')],
  ]);
});

test('apps may read these parameters and connect to each member as their own role, and nothing else', () => {
  const two = { blue: { zone: 'eu-central-1a' }, green: { zone: 'eu-central-1b' } };

  expect(statements(synthesise(checked({ replicas: two, access: { user: 'shop' } })))).toEqual([
    {
      Sid: 'ReadFleetParameters',
      Effect: 'Allow',
      Action: ['ssm:GetParameter', 'ssm:GetParameters'],
      Resource: ['contract', 'writer', 'reader', 'database'].map(
        (what) => `arn:aws:ssm:eu-central-1:123456789012:parameter/readfleet/orders/test/${what}`,
      ),
    },
    {
      Sid: 'ConnectToFleet',
      Effect: 'Allow',
      Action: 'rds-db:connect',
      Resource: ['primary', 'replica-blue', 'replica-green'].map(
        (member) => `arn:aws:rds-db:eu-central-1:123456789012:dbuser:<${member}>/shop`,
      ),
    },
  ]);
});

describe('a policy of its own', () => {
  const two = { blue: { zone: 'eu-central-1a' }, green: { zone: 'eu-central-1b' } };
  const access = { user: 'shop', readOnlyUser: 'reports', migrationUser: 'ddl' };
  const stack = synthesise(checked({ replicas: two, access }));
  const login = (member: string, user: string) => `arn:aws:rds-db:eu-central-1:123456789012:dbuser:<${member}>/${user}`;

  test.each([
    ['client', ['primary', 'replica-blue', 'replica-green'], 'shop'],
    ['read-only', ['primary', 'replica-blue', 'replica-green'], 'reports'],
    ['migrations', ['primary'], 'ddl'],
  ] as const)('%s lets its bearer log in to %j as %s, and as nobody else', (policy, members, user) => {
    const [parameters, connect, ...others] = statements(stack, policy);

    expect(connect).toEqual({
      Sid: 'ConnectToFleet',
      Effect: 'Allow',
      Action: 'rds-db:connect',
      Resource: members.map((member) => login(member, user)),
    });
    expect(parameters).toEqual(statements(stack)[0]);
    expect(others).toEqual([]);
  });

  test.each([
    ['read_only', 'read-only', 'reports'],
    ['migrations', 'migrations', 'ddl'],
  ])('is told as outputs of %s', (output, id, user) => {
    const policy = stack.one('aws_iam_policy', id);

    expect(policy.name).toBe(`orders-test-${id}`);
    expect(stack.output[`${output}_user`]?.value).toBe(user);
    expect(stack.output[`${output}_policy_arn`]?.value).toBe(tf(`aws_iam_policy.${id}.arn`));
    expect(stack.output[`${output}_policy`]?.value).toBe(policy.policy);
  });

  test('has no way through the proxy, which knows one role', () => {
    const proxied = synthesise(checkedCluster({ proxy: {} }));

    for (const policy of ['read-only', 'migrations']) expect(statements(proxied, policy)[1]?.Resource).toHaveLength(1);
  });
});

test('the policy has the partition of the region', () => {
  const zones = ['cn-north-1a', 'cn-north-1b'];
  const china = checked({
    region: 'cn-north-1',
    network: { kind: 'create', cidr: '10.10.0.0/16', zones },
    replicas: { blue: { zone: 'cn-north-1a' } },
  });

  for (const { Resource } of statements(synthesise(china))) {
    for (const arn of Resource) expect(arn).toMatch(/^arn:aws-cn:/);
  }
});

test('outputs are what the parameters hold, and where the policy, the client group and the master secret are', () => {
  const value = (name: string) => production.output[name]?.value;

  expect(Object.keys(production.output).sort()).toEqual([
    'client_policy',
    'client_policy_arn',
    'client_security_group_id',
    'contract',
    'contract_parameter',
    'master_secret_arn',
    'migrations_policy',
    'migrations_policy_arn',
    'migrations_user',
    'read_only_policy',
    'read_only_policy_arn',
    'read_only_user',
    'reader_hosts',
    'writer_host',
  ]);
  expect(value('client_policy')).toBe(production.one('aws_iam_policy', 'client').policy);
  expect(value('client_policy_arn')).toBe(tf('aws_iam_policy.client.arn'));
  expect(value('client_security_group_id')).toBe(tf('aws_security_group.clients.id'));
  expect(value('reader_hosts')).toEqual({ blue: tf('aws_db_instance.replica-blue.address') });
  expect(value('master_secret_arn')).toBe(tf('aws_secretsmanager_secret.master.arn'));
});

describe('behind a proxy', () => {
  let direct: Synthesised;
  let proxied: Synthesised;

  beforeAll(() => {
    direct = synthesise(checkedCluster());
    proxied = synthesise(checkedCluster({ proxy: {} }));
  });

  const contract = (stack: Synthesised) =>
    parseContract(
      String(stack.one('aws_ssm_parameter', 'contract').insecure_value).replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, 'host'),
    );

  test('the contract names its endpoints and the role that its clients are, beside the members themselves', () => {
    expect(contract(direct).proxy).toBeUndefined();
    expect(contract(proxied)).toMatchObject({
      auth: { kind: 'iam', user: 'app' },
      proxy: { writer: { port: 5432 }, reader: { port: 5432 }, user: 'app_proxy' },
      readers: contract(direct).readers,
    });
  });

  test('clients that take a host write and read through it', () => {
    expect(proxied.one('aws_ssm_parameter', 'writer').insecure_value).toMatch(/aws_db_proxy\.[a-z-]+\.endpoint/);
    expect(proxied.one('aws_ssm_parameter', 'reader').insecure_value).toMatch(
      /aws_db_proxy_endpoint\.[a-z-]+\.endpoint/,
    );
    expect(direct.one('aws_ssm_parameter', 'reader').insecure_value).toMatch(
      /aws_rds_cluster\.[a-z-]+\.reader_endpoint/,
    );
  });

  test('clients may log in to it as its role, unless they have a password', () => {
    const connect = (stack: Synthesised) => statements(stack)[1]?.Resource ?? [];

    expect(connect(direct).some((arn) => arn.endsWith('/app_proxy'))).toBe(false);
    expect(connect(proxied).filter((arn) => arn.endsWith('/app_proxy'))).toHaveLength(1);
    expect(connect(synthesise(checkedCluster({ proxy: { auth: 'password' } })))).toEqual(connect(direct));
  });
});
