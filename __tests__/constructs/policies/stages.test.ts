import { TerraformResource, Testing } from 'cdktf';
import {
  type Environment,
  exemptions,
  ReadFleetStack,
  STAGE_DEFAULTS,
  STAGES,
  suppressions,
} from '../../../constructs';
import { policyProblems } from '../../../constructs/policies/policies';
import { loadEnvironments } from '../../../environments';
import { testApp } from '../support/app';
import { checked, checkedAurora, checkedCluster } from '../support/environments';
import { parse, type Synthesised } from '../support/synth';

const environments = loadEnvironments().map(({ environment }) => [environment.name, environment] as const);

/** A small fleet of each topology, which says nothing but its stage. */
const TOPOLOGIES = {
  instances: (stage: Environment['stage']) => checked({ stage }),
  'multi-az-cluster': (stage: Environment['stage']) => checkedCluster({ stage }),
  aurora: (stage: Environment['stage']) => checkedAurora({ stage }),
} as const;

const each = Object.entries(TOPOLOGIES).flatMap(([topology, make]) =>
  STAGES.map((stage) => [topology, stage, make(stage)] as const),
);

function stackOf(environment: Environment): ReadFleetStack {
  return new ReadFleetStack(testApp(), environment.name, { environment });
}

function synthesised(environment: Environment): Synthesised {
  return parse(Testing.synth(stackOf(environment), true));
}

describe.each(environments)('environment %s', (_, environment) => {
  test('is refused by no policy', () => {
    const stack = stackOf(environment);
    Testing.synth(stack);

    expect(policyProblems(stack, { stage: environment.stage, tags: ['Fleet', 'Environment', 'ManagedBy'] })).toEqual(
      [],
    );
  });

  test('says why, wherever it suppresses one', () => {
    for (const { reason } of suppressions(stackOf(environment))) expect(reason.split(' ').length).toBeGreaterThan(3);
  });

  test('tags whatever takes tags with fleet, environment and who manages it', () => {
    const stack = stackOf(environment);
    const { resource } = parse(Testing.synth(stack));
    const taggable = stack.node
      .findAll()
      .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node) && 'tagsInput' in node)
      .map(({ terraformResourceType, friendlyUniqueId }) => [terraformResourceType, friendlyUniqueId] as const);

    expect(taggable.length).toBeGreaterThan(8);
    for (const [type, name] of taggable) {
      expect([type, name, resource[type]?.[name]?.tags]).toEqual([
        type,
        name,
        expect.objectContaining({
          ...environment.tags,
          Fleet: environment.fleet,
          Environment: environment.name,
          ManagedBy: 'readfleet',
        }),
      ]);
    }
  });
});

describe.each(each)('%s in %s', (_topology, stage, environment) => {
  let stack: Synthesised;
  const { deletionProtection, finalSnapshot, preventDestroy } = STAGE_DEFAULTS[stage];

  beforeAll(() => {
    stack = synthesised(environment);
  });

  test('is refused by no policy', () => {
    expect(
      policyProblems(stackOf(environment), { stage }).filter(({ code }) => code !== 'READFLEET_POLICY_TAGS'),
    ).toEqual([]);
  });

  test('Terraform destroys no primary, cluster, key or secret of it where the stage says so', () => {
    for (const [address, { lifecycle }] of stateful(stack)) {
      expect([address, lifecycle?.prevent_destroy ?? false]).toEqual([address, preventDestroy]);
    }
  });

  test('AWS deletes no primary or cluster of it where the stage says so, and keeps a last snapshot', () => {
    for (const [address, attributes] of databases(stack)) {
      expect([address, attributes.deletion_protection, attributes.skip_final_snapshot]).toEqual([
        address,
        deletionProtection,
        !finalSnapshot,
      ]);
    }
  });

  test('has something to protect', () => {
    expect(databases(stack).length).toBeGreaterThan(0);
    expect(stateful(stack).length).toBeGreaterThan(databases(stack).length);
  });
});

describe('a fleet with all that there is', () => {
  const zones = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'];
  const nat = {
    kind: 'create',
    cidr: '10.10.0.0/16',
    zones,
    secretsRoute: { kind: 'nat', destinations: ['3.120.0.0/14'] },
  } as const;
  const remoteReplicas = {
    paris: {
      region: 'eu-west-3',
      zone: 'eu-west-3a',
      vpcId: 'vpc-0a1b2c3d4e5f67890',
      subnets: { 'eu-west-3a': 'subnet-0a1b2c3d4e5f6789a', 'eu-west-3b': 'subnet-0a1b2c3d4e5f6789b' },
    },
  };
  const autoscaling = { minReaders: 1, maxReaders: 3, target: { kind: 'cpu-percent', value: 60 } } as const;
  const readName = { zone: { kind: 'create', domain: 'orders.internal' }, name: 'orders-read' } as const;

  test.each([
    ['instances', checked({ proxy: {}, readName, remoteReplicas })],
    ['instances behind a NAT gateway', checked({ proxy: { auth: 'password' }, network: nat })],
    ['a Multi-AZ cluster', checkedCluster({ proxy: {}, network: nat })],
    ['Aurora', checkedAurora({ proxy: {}, autoscaling, network: nat })],
  ])('is refused by no policy: %s', (_, environment) => {
    expect(() => synthesised(environment)).not.toThrow();
  });
});

describe('exemptions', () => {
  test('are of development alone', () => {
    expect(exemptions('production')).toEqual([]);
    expect(exemptions('staging')).toEqual([]);
    expect(exemptions('development').map(({ policy }) => policy)).toEqual([
      'READFLEET_POLICY_MULTI_AZ',
      'READFLEET_POLICY_ENHANCED_MONITORING',
      'READFLEET_POLICY_DELETION_PROTECTION',
      'READFLEET_POLICY_FINAL_SNAPSHOT',
      'READFLEET_POLICY_BACKUPS',
      'READFLEET_POLICY_KEY_DELETION',
    ]);
  });

  test('have a reason each', () => {
    for (const { reason } of exemptions('development')) expect(reason).toMatch(/^[A-Z].{30,}\.$/);
  });
});

/** What is written to: not the replicas, nor the instances of an Aurora cluster. */
function databases({ resource }: Synthesised) {
  return ['aws_db_instance', 'aws_rds_cluster']
    .flatMap((type) => Object.entries(resource[type] ?? {}).map(([name, all]) => [`${type}.${name}`, all] as const))
    .filter(([, attributes]) => attributes.replicate_source_db === undefined);
}

/** What cannot be had back once it is destroyed. */
function stateful(stack: Synthesised) {
  const kept = ['aws_kms_key', 'aws_secretsmanager_secret'].flatMap((type) =>
    Object.entries(stack.resource[type] ?? {}).map(([name, all]) => [`${type}.${name}`, all] as const),
  );
  return [...databases(stack), ...kept];
}
