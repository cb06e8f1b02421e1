/** Relations that could not fail would prove nothing: here a stack is wired wrongly in many places, and each is noticed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadEnvironments } from '../../environments';
import { createApp } from '../../main';
import { type MockTestOutcome, withWorkspace } from '../../terraform';
import { describeWith, terraform } from '../support/left-out';
import { terraformHere } from '../support/left-out-tools';
import { relationsOf } from './relations';
import { TEN_MINUTES } from './verdicts';

/** In the stack's JSON: what stands there, what is written instead, and what then does not hold. */
const MISTAKES: readonly (readonly [address: string, right: string, wrong: string, broken: string])[] = [
  [
    'aws_db_instance.replica-green',
    'aws_db_instance.primary.identifier',
    'aws_db_instance.replica-blue.identifier',
    'replica green follows the primary',
  ],
  [
    'aws_db_instance.eu-west-1-replica-dublin',
    `"kms_key_id":"\${aws_kms_key.eu-west-1-fleet.arn}"`,
    `"kms_key_id":"\${aws_kms_key.fleet.arn}"`,
    'aws_db_instance.eu-west-1-replica-dublin.kms_key_id is the key of its region',
  ],
  ['aws_sns_topic.alarms', `\${aws_kms_key.fleet.arn}`, 'alias/aws/sns', 'aws_sns_topic.alarms.kms_master_key_id is'],
  [
    'aws_iam_policy.client',
    'aws_db_instance.replica-violet',
    'aws_db_instance.replica-blue',
    'the client policy lets apps connect to aws_db_instance.replica-violet',
  ],
  [
    'aws_db_proxy_target.fleet',
    'aws_db_instance.primary.identifier',
    'aws_db_instance.replica-blue.identifier',
    'the proxy leads to the writer',
  ],
  [
    'aws_db_proxy.fleet',
    'aws_secretsmanager_secret.proxy',
    'aws_secretsmanager_secret.master',
    "the proxy logs in with its role's secret",
  ],
  [
    'aws_ssm_parameter.contract',
    'aws_db_proxy.fleet.endpoint',
    'aws_db_instance.primary.address',
    'the contract names the proxy',
  ],
  [
    'aws_route53_record.read-name-green',
    'aws_db_instance.replica-green.address',
    'aws_db_instance.primary.address',
    'the read name leads to green',
  ],
  [
    'aws_lambda_function.emitter',
    'aws_iam_role.emitter',
    'aws_iam_role.bootstrap',
    'aws_lambda_function.emitter has its role',
  ],
  [
    'aws_lambda_function.bootstrap',
    'aws_db_instance.primary.address',
    'aws_db_instance.replica-blue.address',
    'the bootstrap is told of the writer',
  ],
  [
    'aws_cloudwatch_metric_alarm.alarm-blue-cpu',
    '"DBInstanceIdentifier":"billing-instances-blue"',
    '"DBInstanceIdentifier":"billing-instances-green"',
    "blue's CPU has an alarm",
  ],
  [
    'aws_cloudwatch_composite_alarm.alarm-cpu-high',
    `\${aws_cloudwatch_metric_alarm.alarm-violet-cpu.alarm_name}`,
    'another',
    'aws_cloudwatch_metric_alarm.alarm-violet-cpu is heard',
  ],
  [
    'aws_vpc_security_group_ingress_rule.members-from-proxy',
    'aws_security_group.proxy',
    'aws_security_group.clients',
    'the proxy has its own security group, and the members let it in',
  ],
];

describeWith(terraform, 'a stack that is wired wrongly', () => {
  let outcome: MockTestOutcome;

  beforeAll(async () => {
    const outdir = mkdtempSync(join(tmpdir(), 'readfleet-test-'));
    try {
      const examples = loadEnvironments(resolve(__dirname, '..', '..', 'examples'));
      const environments = examples.map(({ environment }) => environment).filter(({ name }) => name === 'instances');
      createApp({ outdir, environments, offline: false }).synth();
      const folder = join(outdir, 'stacks', 'instances');
      const json = readFileSync(join(folder, 'cdk.tf.json'), 'utf8');
      writeFileSync(join(folder, 'cdk.tf.json'), withMistakes(json));
      const relations = environments.flatMap((environment) => [...relationsOf(environment, json).values()].flat());
      outcome = await withWorkspace(folder, terraformHere(), (workspace) => workspace.mockTest(relations));
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }, TEN_MINUTES);

  test('applies all the same, as a mocked AWS minds nothing', () => {
    expect(outcome).toMatchObject({ text: '', runs: { plan: 'pass', apply: 'fail' } });
  });

  test.each(MISTAKES)('%s, with another than %s', (_address, _right, _wrong, broken) => {
    const names = outcome.relations.flatMap(({ holds, name }) => (holds ? [] : [name]));

    expect(names).toContainEqual(expect.stringContaining(broken));
  });

  test('and all else holds', () => {
    expect(outcome.relations.filter(({ holds }) => holds).length).toBeGreaterThan(150);
  });
});

function withMistakes(json: string): string {
  const stack = JSON.parse(json) as { readonly resource: Record<string, Record<string, unknown>> };
  for (const [address, right, wrong] of MISTAKES) {
    const [type = '', name = ''] = address.split('.');
    const all = stack.resource[type] ?? {};
    const before = JSON.stringify(all[name]);
    const after = before.replaceAll(right, wrong);
    if (after === before) throw new Error(`${address} does not say ${right}`);
    all[name] = JSON.parse(after);
  }
  return JSON.stringify(stack);
}
