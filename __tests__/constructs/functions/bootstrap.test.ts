import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation';
import { Testing } from 'cdktf';
import { Bootstrap, type BootstrapProps, type BootstrapRole, type SecretsAccess } from '../../../constructs';
import { parseSettings } from '../../../lambda/bootstrap-settings';
import { parse, type Synthesised, tf } from '../support/synth';
import { dependable, emptyStack, KEY, MEMBERS, parseTemplate, SURROUNDINGS } from './support';

const APP: BootstrapRole = { name: 'app', kind: 'app' };
const PROXY: BootstrapRole = { name: 'app_proxy', kind: 'proxy', secretArn: 'arn:proxy', passwordVersion: 3 };

function synthesiseBootstrap(changes: Partial<BootstrapProps> = {}, endpointUrl?: string) {
  const stack = emptyStack();
  const bootstrap = new Bootstrap(stack, 'bootstrap', {
    ...SURROUNDINGS,
    database: 'orders',
    members: { ...MEMBERS, ready: [dependable('primary')] },
    roles: [APP, PROXY],
    secrets: { endpointUrl, ready: [dependable('endpoint')] } as unknown as SecretsAccess,
    after: [dependable('key')],
    ...changes,
  });
  return { ...parse(Testing.synth(stack, true)), bootstrap };
}

const stack = synthesiseBootstrap();
const lambda = stack.one('aws_lambda_function', 'bootstrap');
const settingsOf = (synthesised: Synthesised) => {
  const { environment } = synthesised.one('aws_lambda_function', 'bootstrap');
  return parseSettings((environment as { variables: Record<string, string> }).variables.READFLEET_BOOTSTRAP);
};
const call = (synthesised: Synthesised) => synthesised.one('aws_lambda_invocation', 'bootstrap');
const triggers = (synthesised: Synthesised) => call(synthesised).triggers as Record<string, string>;

describe('the function', () => {
  test('is told what it reads, and nothing secret', () => {
    expect(settingsOf(stack)).toEqual({
      host: 'primary.example',
      port: 5432,
      database: 'orders',
      region: 'eu-central-1',
      tls: 'verify-full',
      masterSecretArn: MEMBERS.masterSecretArn,
      roles: [
        { name: 'app', kind: 'app' },
        { name: 'app_proxy', kind: 'proxy', secretArn: 'arn:proxy' },
      ],
    });
  });

  test('calls Secrets Manager where the way to it leads', () => {
    expect(settingsOf(synthesiseBootstrap({}, 'https://vpce.example')).secretsEndpoint).toBe('https://vpce.example');
  });

  test('reads the secrets that it needs, and no others', () => {
    const { Statement } = parseTemplate(stack.one('aws_iam_role_policy', 'bootstrap').policy);
    const secrets = Statement.filter(({ Action }: { Action: string }) => String(Action).startsWith('secretsmanager:'));
    expect(secrets).toEqual([
      {
        Sid: 'ReadTheSecretsItNeeds',
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: [MEMBERS.masterSecretArn, 'arn:proxy'],
      },
    ]);
    expect(JSON.stringify(Statement)).not.toContain('rds-db:connect');
    expect(JSON.stringify(Statement)).not.toContain('sqs:');
  });

  test('has longer than it waits for a primary, and no queue: who calls it waits for the answer', () => {
    expect(lambda).toMatchObject({ function_name: 'orders-production-bootstrap', timeout: 180, kms_key_arn: KEY });
    expect(lambda).not.toHaveProperty('dead_letter_config');
    expect(stack.one('aws_cloudwatch_log_group', 'bootstrap').retention_in_days).toBe(365);
  });
});

describe('the call', () => {
  test('is made once, when the way to primary and secrets is there', () => {
    expect(call(stack)).toMatchObject({
      function_name: tf('aws_lambda_function.bootstrap.function_name'),
      lifecycle_scope: 'CREATE_ONLY',
      input: '{}',
      depends_on: ['terraform_data.key', 'terraform_data.primary', 'terraform_data.endpoint'],
    });
  });

  test('waits for nothing twice', () => {
    const primary = dependable('primary');
    const twice = synthesiseBootstrap({ members: { ...MEMBERS, ready: [primary] }, after: [primary] });
    expect(call(twice).depends_on).toEqual(['terraform_data.primary', 'terraform_data.endpoint']);
  });

  test('is what others wait for', () => {
    expect(stack.bootstrap.done).toEqual([expect.any(LambdaInvocation)]);
  });

  test.each<[string, Partial<BootstrapProps>]>([
    ['another role', { roles: [APP] }],
    ['another password', { roles: [APP, { ...PROXY, passwordVersion: 4 }] }],
    ['another kind', { roles: [{ ...APP, kind: 'emitter' }, PROXY] }],
    ['another database', { database: 'billing' }],
    ['another primary', { members: { ...MEMBERS, writer: { ...MEMBERS.writer, resourceId: 'db-NEW' } } }],
  ])('is made again for %s', (_, changes) => {
    expect(triggers(synthesiseBootstrap(changes))).not.toEqual(triggers(stack));
  });

  test('is made again for other code, so that what a release adds comes to fleets that are there', () => {
    const hash = Buffer.from(String(lambda.source_code_hash), 'base64').toString('hex');
    expect(triggers(stack).code).toBe(hash);
  });

  test('is not made again for anything else', () => {
    const readers = [...MEMBERS.readers, { ...MEMBERS.writer, name: 'green' }];
    const same = synthesiseBootstrap({ members: { ...MEMBERS, readers }, after: [] }, 'https://vpce.example');
    expect(triggers(same)).toEqual(triggers(stack));
  });
});
