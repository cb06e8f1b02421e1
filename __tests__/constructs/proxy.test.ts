import { TerraformOutput, Testing } from 'cdktf';
import { DEFAULTS, environmentProblems, type FleetMembers, FleetProxy, type FleetProxyProps } from '../../constructs';
import { emptyStack, KEY, MEMBERS, parseTemplate } from './functions/support';
import { checked, input } from './support/environments';
import { parse, type Synthesised, synthesise, tf } from './support/synth';

const CLUSTER: FleetMembers = {
  ...MEMBERS,
  topology: 'aurora',
  proxyTarget: { kind: 'cluster', identifier: 'orders' },
};

function make(changes: Partial<FleetProxyProps> = {}) {
  const stack = emptyStack();
  const proxy = new FleetProxy(stack, 'proxy', {
    name: 'orders-test',
    region: 'eu-central-1',
    settings: DEFAULTS.proxy,
    readEndpoint: false,
    members: MEMBERS,
    subnetIds: ['subnet-1', 'subnet-2'],
    securityGroupIds: ['sg-1'],
    keyArn: KEY,
    ...changes,
  });
  return { proxy, stack, json: () => parse(Testing.synth(stack, true)) };
}

const settings = (changes: Partial<FleetProxyProps['settings']>) => ({ settings: { ...DEFAULTS.proxy, ...changes } });
const auth = (json: Synthesised) => (json.one('aws_db_proxy', 'fleet').auth as unknown[])[0];

describe('the proxy', () => {
  test('takes TLS alone, logs no statements, and stands in the private subnets with its own group', () => {
    expect(make().json().one('aws_db_proxy', 'fleet')).toMatchObject({
      name: 'orders-test',
      engine_family: 'POSTGRESQL',
      require_tls: true,
      debug_logging: false,
      idle_client_timeout: 1800,
      vpc_subnet_ids: ['subnet-1', 'subnet-2'],
      vpc_security_group_ids: ['sg-1'],
      role_arn: tf('aws_iam_role.proxy.arn'),
    });
  });

  test('is made after its secret has content and its role may read it', () => {
    expect(make().json().one('aws_db_proxy', 'fleet').depends_on).toEqual([
      'aws_iam_role_policy.proxy',
      'aws_secretsmanager_secret_version.proxy',
    ]);
  });

  test('asks its clients for IAM, and logs in with the secret of its own role', () => {
    expect(auth(make().json())).toEqual({
      auth_scheme: 'SECRETS',
      iam_auth: 'REQUIRED',
      secret_arn: tf('aws_secretsmanager_secret.proxy.arn'),
    });
  });

  test('asks for the password instead, by SCRAM, where the environment says so', () => {
    expect(auth(make(settings({ auth: 'password' })).json())).toMatchObject({
      iam_auth: 'DISABLED',
      client_password_auth_type: 'POSTGRES_SCRAM_SHA_256',
    });
  });

  test.each([
    [80, 40],
    [30, 15],
    [1, 0],
  ])('with %i percent of the connections, keeps %i idle ones', (most, idle) => {
    const json = make(settings({ maxConnectionsPercent: most, borrowTimeoutSeconds: 7 })).json();

    expect(json.one('aws_db_proxy_default_target_group', 'fleet').connection_pool_config).toEqual({
      connection_borrow_timeout: 7,
      max_connections_percent: most,
      max_idle_connections_percent: idle,
    });
  });

  test('is attached to the writer of instances once that is there', () => {
    const target = synthesise(checked({ proxy: {} })).one('aws_db_proxy_target', 'fleet');

    expect(target).toMatchObject({
      db_instance_identifier: tf('aws_db_instance.primary.identifier'),
      depends_on: ['aws_db_instance.primary', 'aws_secretsmanager_secret_version.master'],
    });
    expect(target).not.toHaveProperty('db_cluster_identifier');
  });

  test('is attached to a cluster as a whole', () => {
    const target = make({ members: CLUSTER }).json().one('aws_db_proxy_target', 'fleet');

    expect(target.db_cluster_identifier).toBe('orders');
    expect(target).not.toHaveProperty('db_instance_identifier');
  });

  test('has a reading endpoint over the readers of a cluster, made after there is a target', () => {
    const { json, proxy } = make({ members: CLUSTER, readEndpoint: true });

    expect(json().one('aws_db_proxy_endpoint', 'read')).toMatchObject({
      db_proxy_endpoint_name: 'orders-test-read',
      target_role: 'READ_ONLY',
      vpc_subnet_ids: ['subnet-1', 'subnet-2'],
      vpc_security_group_ids: ['sg-1'],
      depends_on: ['aws_db_proxy_target.fleet'],
    });
    expect(proxy.reader?.port).toBe(5432);
    expect(make().json().resource.aws_db_proxy_endpoint).toBeUndefined();
    expect(make().proxy.reader).toBeUndefined();
  });

  test('takes all that hangs on it along when it is made anew', () => {
    const json = make({ members: CLUSTER, readEndpoint: true }).json();
    const lifecycle = { replace_triggered_by: ['aws_db_proxy.fleet.arn'] };

    expect(json.one('aws_db_proxy_default_target_group', 'fleet').lifecycle).toEqual(lifecycle);
    expect(json.one('aws_db_proxy_target', 'fleet').lifecycle).toEqual(lifecycle);
    expect(json.one('aws_db_proxy_endpoint', 'read').lifecycle).toEqual(lifecycle);
  });

  test('tells what policies, alarms and the bootstrap need of it', () => {
    const { json, proxy, stack } = make(settings({ passwordVersion: 3, user: 'web' }));
    const { resourceId, secretArn, writer } = proxy;
    new TerraformOutput(stack, 'told', { value: { resourceId, secretArn, writer } });

    expect(proxy).toMatchObject({ user: 'web', auth: 'iam', passwordVersion: 3, proxyName: 'orders-test' });
    expect(json().output.told?.value).toEqual({
      resourceId: tf('element(split(":", aws_db_proxy.fleet.arn), 6)'),
      secretArn: tf('aws_secretsmanager_secret.proxy.arn'),
      writer: { host: tf('aws_db_proxy.fleet.endpoint'), port: 5432 },
    });
    expect(proxy.secretReady).toHaveLength(1);
  });
});

describe("the proxy's role in PostgreSQL", () => {
  const value = 'ephemeral.aws_secretsmanager_random_password.proxy-password.random_password';

  test('has a password that is made at deployment and stands in its secret alone', () => {
    const json = make(settings({ passwordVersion: 2, user: 'web' })).json();

    expect(json.one('aws_secretsmanager_secret', 'proxy')).toMatchObject({
      name: 'readfleet/orders-test/proxy',
      kms_key_id: KEY,
    });
    expect(json.one('aws_secretsmanager_secret_version', 'proxy')).toMatchObject({
      secret_string_wo: tf(`jsonencode({ username = "web", password = ${value} })`),
      secret_string_wo_version: 2,
    });
    expect(json.text).not.toMatch(/"secret_string":|"password":/);
  });

  test('can come back the day after the proxy was taken away: a deleted secret keeps no name', () => {
    expect(make().json().one('aws_secretsmanager_secret', 'proxy').recovery_window_in_days).toBe(0);
  });

  test('has its secret written again when it is another role', () => {
    const json = (user: string) => make(settings({ user })).json();
    const trigger = (user: string) => json(user).one('terraform_data', 'proxy-password').triggers_replace;

    expect(json('web').one('aws_secretsmanager_secret_version', 'proxy').lifecycle).toEqual({
      replace_triggered_by: ['terraform_data.proxy-password.id'],
    });
    expect(trigger('web')).not.toBe(trigger('shop'));
  });

  test('is unknown while the plan is made that changes it, so that the plan calls nothing', () => {
    const { ephemeral } = make().json();

    expect(ephemeral.aws_secretsmanager_random_password?.['proxy-password']?.exclude_characters).toBe(
      tf('terraform_data.proxy-password.output'),
    );
  });

  test('shares nothing with the master user', () => {
    const json = synthesise(checked({ proxy: {} }));
    const master = String(json.one('aws_secretsmanager_secret_version', 'master').secret_string_wo);

    expect(master).toContain('random_password.master-password.');
    expect(json.one('aws_secretsmanager_secret_version', 'proxy').secret_string_wo).not.toContain('master');
  });
});

describe("the proxy's role in IAM", () => {
  test('may read the one secret, and decrypt it when Secrets Manager asks; and nothing else', () => {
    const { policy } = make().json().one('aws_iam_role_policy', 'proxy');

    expect(parseTemplate(policy).Statement).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: tf('aws_secretsmanager_secret.proxy.arn'),
      }),
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: KEY,
        Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' } },
      }),
    ]);
  });

  test('is for RDS', () => {
    const role = make().json().one('aws_iam_role', 'proxy');

    expect(role.name).toBe('orders-test-proxy');
    expect(parseTemplate(role.assume_role_policy).Statement).toEqual([
      { Effect: 'Allow', Principal: { Service: 'rds.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
  });
});

test('the longest names that an environment may have fit the proxy, its endpoint and its role', () => {
  const fits = (length: number) => environmentProblems(input({ fleet: 'f'.repeat(length), proxy: {} })).length === 0;
  const longest = Array.from({ length: 64 }, (_, index) => 64 - index).find(fits) ?? 0;
  const stack = synthesise(checked({ fleet: 'f'.repeat(longest), proxy: {} }));

  expect(longest).toBeGreaterThan(20);
  expect(String(stack.one('aws_db_proxy', 'fleet').name).length + '-read'.length).toBeLessThanOrEqual(63);
  expect(String(stack.one('aws_iam_role', 'proxy').name).length).toBeLessThanOrEqual(64);
});

test('the bootstrap gives the role its password after the secret has it, again for each version', () => {
  const stack = synthesise(checked({ proxy: { passwordVersion: 5 } }));
  const call = stack.one('aws_lambda_invocation', 'bootstrap');

  expect(call.depends_on).toContain('aws_secretsmanager_secret_version.proxy');
  expect(JSON.stringify(call.triggers)).toContain('\\"passwordVersion\\":5');
});
