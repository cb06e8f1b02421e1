import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { Testing } from 'cdktf';
import { Emitter, type EmitterProps, emitterContract, environmentProblems, fleetContract } from '../../../constructs';
import { DEFAULTS, type LogRetentionDays, memberIdentifier } from '../../../constructs/environment';
import { emitterSettings } from '../../../lambda/emitter-settings';
import { parseContract } from '../../../lib/contract';
import { checked, input } from '../support/environments';
import { parse, type Synthesised, tf } from '../support/synth';
import { ACCOUNT, dependable, emptyStack, KEY, MEMBERS, parseTemplate, SURROUNDINGS } from './support';

const CONTRACT = fleetContract({
  fleet: 'orders',
  environment: 'production',
  region: 'eu-central-1',
  engineMajor: 17,
  database: 'orders',
  user: 'app',
  members: MEMBERS,
  lag: DEFAULTS.lag,
  unhealthyMinutes: 2,
});

function synthesiseEmitter(changes: Partial<EmitterProps> = {}): Synthesised & { readonly emitter: Emitter } {
  const stack = emptyStack();
  const emitter = new Emitter(stack, 'emitter', {
    ...SURROUNDINGS,
    settings: DEFAULTS.emitter,
    contract: CONTRACT,
    members: MEMBERS,
    after: [dependable('key')],
    ...changes,
  });
  return { ...parse(Testing.synth(stack, true)), emitter };
}

const emitter = synthesiseEmitter();
const lambda = emitter.one('aws_lambda_function', 'emitter');
const variables = (stack: Synthesised) =>
  (stack.one('aws_lambda_function', 'emitter').environment as { variables: Record<string, string> }).variables;
const statements = (stack: Synthesised): Record<string, Record<string, unknown>> =>
  Object.fromEntries(
    parseTemplate(stack.one('aws_iam_role_policy', 'emitter').policy).Statement.map((one: { Sid: string }) => [
      one.Sid,
      one,
    ]),
  );

describe('the function', () => {
  test('runs in the fleet’s network, on what AWS creates today', () => {
    expect(lambda).toMatchObject({
      function_name: 'orders-production-emitter',
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      timeout: 60,
      memory_size: 256,
      kms_key_arn: KEY,
      vpc_config: { subnet_ids: ['subnet-a', 'subnet-b'], security_group_ids: ['sg-functions'] },
      dead_letter_config: { target_arn: tf('aws_sqs_queue.emitter-failed.arn') },
    });
  });

  test('takes nothing of the account’s concurrency', () => {
    expect(lambda).not.toHaveProperty('reserved_concurrent_executions');
  });

  test('writes lines as they are, into a log that ends and that the key encrypts', () => {
    expect(lambda.logging_config).toEqual({
      log_format: 'Text',
      log_group: tf('aws_cloudwatch_log_group.emitter.name'),
    });
    expect(emitter.one('aws_cloudwatch_log_group', 'emitter')).toMatchObject({
      name: '/aws/lambda/orders-production-emitter',
      retention_in_days: 30,
      kms_key_id: KEY,
      depends_on: ['terraform_data.key'],
    });
  });

  test('is made after its rights, and after what it needs', () => {
    expect(lambda.depends_on).toEqual(['aws_iam_role_policy.emitter', 'terraform_data.key']);
  });

  test.each([
    [{ sampleSeconds: 15 } as const, { READFLEET_SAMPLE_SECONDS: '15' }],
    [{}, { READFLEET_SAMPLE_SECONDS: '10' }],
    [{ serverMetrics: true }, { READFLEET_SERVER_METRICS: 'true' }],
    [{ highResolution: true }, { READFLEET_HIGH_RESOLUTION: 'true' }],
  ])('is told of the settings %j', (settings, told) => {
    expect(variables(synthesiseEmitter({ settings: { ...DEFAULTS.emitter, ...settings } }))).toMatchObject(told);
  });

  test('is told of nothing that costs more, unless the environment says so', () => {
    expect(Object.keys(variables(emitter))).toEqual(['READFLEET_CONTRACT', 'READFLEET_SAMPLE_SECONDS']);
  });

  test('reads what it is told: the variables are those of its settings', () => {
    const settings = { ...DEFAULTS.emitter, sampleSeconds: 15, serverMetrics: true, highResolution: true } as const;
    expect(emitterSettings(variables(synthesiseEmitter({ settings })))).toEqual({
      contract: emitterContract(CONTRACT, 'readfleet_emitter'),
      everyMs: 15_000,
      serverMetrics: true,
      highResolution: true,
    });
  });

  test.each([
    [{}, { serverMetrics: false, highResolution: false }],
    [{ emitter: { serverMetrics: true } }, { serverMetrics: true, highResolution: false }],
    [{ emitter: { highResolution: true } }, { serverMetrics: false, highResolution: true }],
  ])('%j of an environment', (changes, settings) => {
    expect(checked(changes).emitter).toMatchObject(settings);
  });

  test('keeps its log as long as the environment says', () => {
    const logRetentionDays: LogRetentionDays = 7;
    const stack = synthesiseEmitter({ settings: { ...DEFAULTS.emitter, logRetentionDays } });
    expect(stack.one('aws_cloudwatch_log_group', 'emitter').retention_in_days).toBe(7);
  });
});

describe('its contract', () => {
  test('is read by the emitter, and says to log in with IAM as the emitter’s own role', () => {
    const contract = parseContract(variables(emitter).READFLEET_CONTRACT);
    expect(contract).toEqual(emitterContract(CONTRACT, 'readfleet_emitter'));
    expect(contract.auth).toEqual({ kind: 'iam', user: 'readfleet_emitter' });
  });

  test('leaves out what only routers need', () => {
    const proxy = { writer: { host: 'proxy.example', port: 5432 }, user: 'app_proxy' };
    const slim = emitterContract({ ...CONTRACT, proxy, readName: { host: 'read.example', port: 5432 } }, 'emitter');
    expect(slim).not.toHaveProperty('proxy');
    expect(slim).not.toHaveProperty('readName');
    expect(emitterContract({ ...CONTRACT, lag: { ...DEFAULTS.lag, unhealthySeconds: 300 } }, 'emitter').lag).toEqual(
      DEFAULTS.lag,
    );
    expect(slim.readers).toEqual([{ name: 'blue', host: 'blue.example', port: 5432 }]);
    expect(slim.writer).toEqual({ name: 'primary', host: 'primary.example', port: 5432 });
  });

  test.each(['ap-southeast-1', 'us-gov-west-1', 'cn-northwest-1'])(
    'of 15 replicas with the longest names in %s is below the 4 KB that Lambda takes of all variables',
    (region) => {
      // As long as an identifier may be, wherever in it the letters are.
      for (const fleet of ['f', 'f'.repeat(40)]) {
        const names = Array.from({ length: 15 }, (_, index) =>
          `${index}`.padStart(63 - memberIdentifier(fleet, 'e', '').length, 'n'),
        );
        const host = (name: string) =>
          `${memberIdentifier(fleet, 'e', name)}.abcdefghijkl.${region}.rds.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
        const member = (name: string) => ({ name, host: host(name), port: 5432 });
        const contract = {
          ...CONTRACT,
          fleet,
          environment: 'e',
          topology: 'multi-az-cluster' as const,
          region,
          database: 'd'.repeat(63),
          writer: member('primary'),
          readers: names.map(member),
        };
        const told = variables(
          synthesiseEmitter({
            contract,
            settings: { ...DEFAULTS.emitter, user: 'u'.repeat(63), serverMetrics: true, highResolution: true },
          }),
        );
        expect(names.every((name) => memberIdentifier(fleet, 'e', name).length === 63)).toBe(true);
        expect(Buffer.byteLength(Object.entries(told).flat().join(''))).toBeLessThan(4_096);
      }
    },
  );
});

describe('its role', () => {
  test('may connect as the emitter alone, to each of the members', () => {
    expect(statements(emitter).ConnectAsTheEmitterAlone).toMatchObject({
      Action: 'rds-db:connect',
      Resource: ['db-PRIMARY', 'db-BLUE'].map(
        (id) => `arn:aws:rds-db:eu-central-1:${ACCOUNT}:dbuser:${id}/readfleet_emitter`,
      ),
    });
  });

  test.each([
    ['WriteItsLog', ['logs:CreateLogStream', 'logs:PutLogEvents'], `${tf('aws_cloudwatch_log_group.emitter.arn')}:*`],
    ['ReadWhatTheKeyEncrypts', 'kms:Decrypt', KEY],
    ['TellWhatFailed', 'sqs:SendMessage', tf('aws_sqs_queue.emitter-failed.arn')],
  ])('%s', (sid, actions, resource) => {
    expect(statements(emitter)[sid]).toMatchObject({ Effect: 'Allow', Action: actions, Resource: resource });
  });

  test('names no resource by a star but for network interfaces, which the code itself may not touch', () => {
    const starred = Object.values(statements(emitter)).filter(({ Resource }) => Resource === '*');
    expect(starred.map(({ Sid, Effect }) => [Sid, Effect])).toEqual([
      ['JoinTheNetwork', 'Allow'],
      ['NotFromTheCode', 'Deny'],
    ]);
    expect(statements(emitter).NotFromTheCode).toMatchObject({
      Action: statements(emitter).JoinTheNetwork?.Action,
      Condition: {
        ArnEquals: {
          'lambda:SourceFunctionArn': `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:orders-production-emitter`,
        },
      },
    });
  });

  test('may do nothing else, and serves Lambda alone', () => {
    expect(Object.keys(statements(emitter)).sort()).toEqual([
      'ConnectAsTheEmitterAlone',
      'JoinTheNetwork',
      'NotFromTheCode',
      'ReadWhatTheKeyEncrypts',
      'TellWhatFailed',
      'WriteItsLog',
    ]);
    expect(parseTemplate(emitter.one('aws_iam_role', 'emitter').assume_role_policy).Statement).toEqual([
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
  });

  test('is of the partition that the region is in', () => {
    const { policy } = synthesiseEmitter({ region: 'us-gov-west-1' }).one('aws_iam_role_policy', 'emitter');
    expect(policy).toContain('arn:aws-us-gov:rds-db:us-gov-west-1:');
    expect(policy).toContain('arn:aws-us-gov:lambda:us-gov-west-1:');
  });
});

describe('its schedule', () => {
  test('calls it each minute, once everything is there', () => {
    expect(emitter.one('aws_cloudwatch_event_rule', 'emitter')).toMatchObject({
      name: 'orders-production-emitter',
      schedule_expression: 'rate(1 minute)',
    });
    expect(emitter.one('aws_cloudwatch_event_target', 'emitter')).toMatchObject({
      rule: tf('aws_cloudwatch_event_rule.emitter.name'),
      arn: tf('aws_lambda_function.emitter.arn'),
      depends_on: [
        'aws_lambda_permission.emitter',
        'aws_sqs_queue_policy.emitter-failed',
        'aws_lambda_function_event_invoke_config.emitter',
      ],
    });
    expect(emitter.one('aws_lambda_permission', 'emitter')).toMatchObject({
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      source_arn: tf('aws_cloudwatch_event_rule.emitter.arn'),
    });
  });

  test('makes up for no sample that was missed: neither EventBridge nor Lambda tries again', () => {
    expect(emitter.one('aws_cloudwatch_event_target', 'emitter').retry_policy).toEqual({
      maximum_retry_attempts: 0,
      maximum_event_age_in_seconds: 60,
    });
    expect(emitter.one('aws_lambda_function_event_invoke_config', 'emitter')).toMatchObject({
      maximum_retry_attempts: 0,
      maximum_event_age_in_seconds: 60,
    });
  });

  test('puts what failed into an encrypted queue, which takes messages of the rule alone', () => {
    expect(emitter.one('aws_sqs_queue', 'emitter-failed')).toMatchObject({
      name: 'orders-production-emitter-failed',
      message_retention_seconds: 1_209_600,
      sqs_managed_sse_enabled: true,
    });
    expect(emitter.one('aws_cloudwatch_event_target', 'emitter').dead_letter_config).toEqual({
      arn: tf('aws_sqs_queue.emitter-failed.arn'),
    });
    const [fromRule, tls] = parseTemplate(emitter.one('aws_sqs_queue_policy', 'emitter-failed').policy).Statement;
    expect(fromRule).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Condition: { ArnEquals: { 'aws:SourceArn': tf('aws_cloudwatch_event_rule.emitter.arn') } },
    });
    expect(tls).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  });
});

test('who waits for it waits for its schedule', () => {
  const stack = emptyStack();
  const props = { ...SURROUNDINGS, settings: DEFAULTS.emitter, contract: CONTRACT, members: MEMBERS, after: [] };
  const { ready } = new Emitter(stack, 'emitter', props);
  new SnsTopic(stack, 'waits', { dependsOn: [...ready] });
  expect(parse(Testing.synth(stack, true)).one('aws_sns_topic', 'waits').depends_on).toEqual([
    'aws_cloudwatch_event_target.emitter',
  ]);
});

describe('names', () => {
  test('are plain texts, as dimensions of metrics have them', () => {
    const { functionName, ruleName, deadLetterQueueName } = emitter.emitter;
    expect({ functionName, ruleName, deadLetterQueueName }).toEqual({
      functionName: 'orders-production-emitter',
      ruleName: 'orders-production-emitter',
      deadLetterQueueName: 'orders-production-emitter-failed',
    });
  });

  test('fit wherever the longest environment does: 64 characters for function, role and rule, 80 for the queue', () => {
    // Two hyphens and "monitoring" are what the rule about names leaves room for.
    const fleet = 'f'.repeat(64 - '-t-monitoring'.length);
    expect(environmentProblems(input({ fleet, name: 't' })).map(({ code }) => code)).not.toContain(
      'READFLEET_NAME_TOO_LONG',
    );
    expect(environmentProblems(input({ fleet: `${fleet}f`, name: 't' })).map(({ code }) => code)).toContain(
      'READFLEET_NAME_TOO_LONG',
    );
    expect(`${fleet}-t-bootstrap`.length).toBeLessThanOrEqual(64);
    expect(`${fleet}-t-emitter-failed`.length).toBeLessThanOrEqual(80);
  });
});
