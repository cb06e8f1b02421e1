/** What a change of an environment touches, by the real provider's plan over the state that the environment left. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, type InstancesEnvironmentInput } from '../../constructs';
import { createApp } from '../../main';
import { type Plan, withWorkspace } from '../../terraform';
import { describeWith, terraform } from '../support/left-out';
import { terraformHere } from '../support/left-out-tools';
import { stateLeftBy, TEN_MINUTES } from './verdicts';

const ZONES = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'] as const;
const BLUE_AND_GREEN = { blue: { zone: ZONES[0] }, green: { zone: ZONES[1] } };

/** With everything that can stand around a fleet, so that a change has every chance to touch it. */
const INPUT: InstancesEnvironmentInput = {
  name: 'before',
  fleet: 'orders',
  region: 'eu-central-1',
  topology: 'instances',
  backend: { kind: 's3', bucket: 'state' },
  network: { kind: 'create', cidr: '10.10.0.0/16', zones: ZONES },
  database: { name: 'orders', engineMajor: 17, instanceClass: 'db.r6g.large', storage: { sizeGiB: 100 } },
  replicas: BLUE_AND_GREEN,
  proxy: {},
  readName: { zone: { kind: 'create', domain: 'orders.internal' }, name: 'read' },
};

/** What lists the members, and so changes with them: in place. */
const LISTS_MEMBERS = [
  'aws_cloudwatch_composite_alarm.alarm-connections-high',
  'aws_cloudwatch_composite_alarm.alarm-cpu-high',
  'aws_cloudwatch_composite_alarm.alarm-reads-degraded',
  'aws_cloudwatch_composite_alarm.alarm-reads-lagging',
  'aws_cloudwatch_composite_alarm.alarm-reads-on-primary',
  'aws_cloudwatch_composite_alarm.alarm-storage-low',
  'aws_cloudwatch_dashboard.fleet',
  'aws_iam_policy.client',
  'aws_iam_policy.read-only',
  'aws_iam_role_policy.emitter',
  'aws_lambda_function.emitter',
  'aws_ssm_parameter.contract',
  'terraform_data.alarms-servers',
];

/** RDS takes no server that is gone off a subscription, so other servers make another one. */
const MADE_ANEW = ['aws_db_event_subscription.alarms-db-instance'];

describeWith(terraform, 'a change, by the real Terraform and provider', () => {
  const plans: Partial<Record<'added' | 'removed' | 'promoted' | 'upgraded', Plan>> = {};

  beforeAll(async () => {
    const outdir = mkdtempSync(join(tmpdir(), 'readfleet-test-'));
    try {
      const stacks = {
        before: INPUT,
        added: { ...INPUT, replicas: { ...BLUE_AND_GREEN, red: { zone: ZONES[2] } } },
        promoted: {
          ...INPUT,
          replicas: { blue: BLUE_AND_GREEN.blue, red: { zone: ZONES[2] } },
          promoted: { green: { irreversible: true } },
        },
        upgraded: { ...INPUT, database: { ...INPUT.database, engineMajor: 18, allowMajorVersionUpgrade: true } },
      } as const;
      for (const [stack, input] of Object.entries(stacks)) {
        createApp({ outdir: join(outdir, stack), environments: [environment(input)], offline: false }).synth();
      }
      const open = <T>(stack: keyof typeof stacks, work: Parameters<typeof withWorkspace<T>>[2]) =>
        withWorkspace<T>(join(outdir, stack, 'stacks', INPUT.name), terraformHere(), work);
      const [before, added] = await Promise.all([open('before', stateLeftBy), open('added', stateLeftBy)]);
      [plans.added, plans.removed] = await Promise.all([
        open('added', (workspace) => workspace.planOver(before)),
        open('before', (workspace) => workspace.planOver(added)),
      ]);
      plans.promoted = await open('promoted', (workspace) => workspace.planOver(added));
      plans.upgraded = await open('upgraded', (workspace) => workspace.planOver(before));
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }, TEN_MINUTES);

  test('a replica that is added makes what is its own', () => {
    expect(does(plans.added, 'create')).toContain('aws_db_instance.replica-red');
    expect(does(plans.added, 'create').filter((address) => !/red/.test(address))).toEqual([]);
  });

  test('a replica that is removed takes what is its own along', () => {
    expect(does(plans.removed, 'delete')).toEqual(does(plans.added, 'create'));
  });

  test.each(['added', 'removed'] as const)(
    'a replica that is %s changes what lists the members, and nothing else',
    (how) => {
      const plan = plans[how];

      expect(does(plan, 'update').sort()).toEqual(LISTS_MEMBERS);
      expect(replaced(plan)).toEqual(MADE_ANEW);
    },
  );

  test('a promoted replica stays, and follows nobody any more', () => {
    const green = plans.promoted?.resources.find(({ before }) => before?.identifier === 'orders-before-green');

    expect(green?.actions).toEqual(['update']);
    expect(green?.before?.replicate_source_db).toBe('orders-before-primary');
    expect(green?.after?.replicate_source_db ?? '').toBe('');
    expect(does(plans.promoted, 'delete').filter((address) => address.startsWith('aws_db_instance.'))).toEqual([]);
  });

  test('another major version upgrades the primary in place, under settings of its family; replicas are taken along', () => {
    const { upgraded } = plans;
    const primary = upgraded?.resources.find(({ address }) => address === 'aws_db_instance.primary');

    expect(primary?.actions).toEqual(['update']);
    expect(primary?.after).toMatchObject({ engine_version: '18', allow_major_version_upgrade: true });
    expect(replaced(upgraded)).toEqual(['aws_db_parameter_group.fleet']);
    // The group of before is still in use while the new one is made.
    expect(upgraded?.resources.find(({ address }) => address === 'aws_db_parameter_group.fleet')?.actions).toEqual([
      'create',
      'delete',
    ]);
    expect(does(upgraded, 'create')).toEqual([]);
    expect(does(upgraded, 'delete')).toEqual([]);
  });
});

/** Addresses of what a plan does one thing to, and nothing else. */
function does(plan: Plan | undefined, action: string): string[] {
  return (plan?.resources ?? []).filter(({ actions }) => actions.join() === action).map(({ address }) => address);
}

function replaced(plan: Plan | undefined): string[] {
  return (plan?.resources ?? []).filter(({ actions }) => actions.length > 1).map(({ address }) => address);
}
