import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Aspects, type IAspect, Lazy, type TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { InvalidConfigError, Policies, type PoliciesOptions, ReadFleetStack, Tags } from '../../../constructs';
import { testApp } from '../support/app';
import { checked } from '../support/environments';
import { emptyStack, Raw, RawTaggable } from '../support/raw';
import { parse, tf } from '../support/synth';

/** An instance as an engineer writes it beside our constructs, good in every way. */
const GOOD = {
  identifier: 'reports',
  engine: 'postgres',
  instanceClass: 'db.r6g.large',
  allocatedStorage: 100,
  username: 'reports_admin',
  storageEncrypted: true,
  multiAz: true,
  monitoringInterval: 60,
  deletionProtection: true,
  backupRetentionPeriod: 14,
  copyTagsToSnapshot: true,
  enabledCloudwatchLogsExports: ['postgresql', 'upgrade'],
  iamDatabaseAuthenticationEnabled: true,
  dbSubnetGroupName: 'private',
  finalSnapshotIdentifier: 'reports-final',
  tags: { Team: 'reports' },
};

function ownStack(options?: PoliciesOptions): TerraformStack {
  const stack = emptyStack();
  new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
  Aspects.of(stack).add(new Policies(options));
  return stack;
}

function refusal(stack: TerraformStack): InvalidConfigError {
  try {
    Testing.synth(stack, true);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidConfigError);
    return error as InvalidConfigError;
  }
  throw new Error('It was not refused.');
}

const told = (stack: TerraformStack) => refusal(stack).problems.map(({ code, path, got }) => [code, path, got]);

describe("an engineer's own stack", () => {
  test('passes when its resources are in order', () => {
    const stack = ownStack();
    new DbInstance(stack, 'reports', GOOD);

    expect(() => Testing.synth(stack, true)).not.toThrow();
  });

  test('is refused with all that is wrong with all of its resources at once', () => {
    const stack = ownStack();
    new DbInstance(stack, 'reports', { ...GOOD, storageEncrypted: false, publiclyAccessible: true });
    new DbInstance(new Construct(stack, 'sales'), 'db', { ...GOOD, multiAz: false });

    expect(told(stack)).toEqual([
      ['READFLEET_POLICY_PUBLIC_ACCESS', 'own/reports.publiclyAccessible', true],
      ['READFLEET_POLICY_STORAGE_ENCRYPTION', 'own/reports.storageEncrypted', false],
      ['READFLEET_POLICY_MULTI_AZ', 'own/sales/db.multiAz', false],
    ]);
  });

  test('is told code, place, value, reason and fix', () => {
    const stack = ownStack();
    new DbInstance(stack, 'reports', { ...GOOD, deletionProtection: false });

    const { code, message } = refusal(stack);
    expect(code).toBe('READFLEET_STACK_INVALID');
    expect(message.split('\n')).toEqual([
      'own: 1 problem',
      '  READFLEET_POLICY_DELETION_PROTECTION  own/reports.deletionProtection  got: false',
      '    One call, by mistake or by malice, deletes the data.',
      '    Write deletionProtection: true. To delete it one day, turn it off in a deployment of its own.',
    ]);
  });

  test('is looked at where the policies were added, and not beside it', () => {
    const stack = emptyStack();
    new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
    const ours = new Construct(stack, 'ours');
    new DbInstance(ours, 'a', { ...GOOD, multiAz: false });
    new DbInstance(stack, 'theirs', { ...GOOD, multiAz: false });
    Aspects.of(ours).add(new Policies());

    expect(told(stack)).toEqual([['READFLEET_POLICY_MULTI_AZ', 'own/ours/a.multiAz', false]]);
  });

  test('is told a problem once, however often the policies were added', () => {
    const stack = ownStack();
    const ours = new Construct(stack, 'ours');
    new DbInstance(ours, 'a', { ...GOOD, multiAz: false });
    Aspects.of(ours).add(new Policies());

    expect(refusal(stack).problems).toHaveLength(1);
    expect(refusal(stack).problems).toHaveLength(1);
  });

  test('without policies is left alone', () => {
    const stack = emptyStack();
    new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
    new DbInstance(stack, 'reports', { ...GOOD, publiclyAccessible: true });

    expect(() => Testing.synth(stack, true)).not.toThrow();
  });
});

describe('a resource is read as it will be written', () => {
  test('an override is seen', () => {
    const stack = ownStack();
    new DbInstance(stack, 'reports', GOOD).addOverride('storage_encrypted', false);

    expect(told(stack)).toEqual([['READFLEET_POLICY_STORAGE_ENCRYPTION', 'own/reports.storageEncrypted', false]]);
  });

  test('an override that mends is seen as well', () => {
    const stack = ownStack();
    new DbInstance(stack, 'reports', { ...GOOD, storageEncrypted: false }).addOverride('storage_encrypted', true);

    expect(() => Testing.synth(stack, true)).not.toThrow();
  });

  test('what another aspect changes is seen, whenever it runs', () => {
    const stack = ownStack();
    const instance = new DbInstance(stack, 'reports', GOOD);
    const late: IAspect = {
      visit: (node: IConstruct) => {
        if (node === instance) instance.publiclyAccessible = true;
      },
    };
    Aspects.of(instance).add(late);

    expect(told(stack)).toEqual([['READFLEET_POLICY_PUBLIC_ACCESS', 'own/reports.publiclyAccessible', true]]);
  });

  test('what only Terraform knows passes, be it a text, a number or a flag', () => {
    const stack = ownStack();
    const variable = new TerraformVariable(stack, 'it', {});
    new DbInstance(stack, 'reports', {
      ...GOOD,
      publiclyAccessible: variable.value,
      backupRetentionPeriod: variable.numberValue,
      username: variable.stringValue,
      enabledCloudwatchLogsExports: variable.listValue,
      tags: variable.value,
    });

    expect(() => Testing.synth(stack, true)).not.toThrow();
  });

  test('what is known late is known', () => {
    const stack = ownStack();
    new DbInstance(stack, 'reports', { ...GOOD, username: Lazy.stringValue({ produce: () => 'postgres' }) });

    expect(told(stack)).toEqual([['READFLEET_POLICY_MASTER_USER', 'own/reports.username', 'postgres']]);
  });

  test('a flag that is a text is a flag', () => {
    const stack = ownStack();
    new DbInstance(stack, 'reports', GOOD).addOverride('publicly_accessible', 'true');

    expect(told(stack)).toEqual([['READFLEET_POLICY_PUBLIC_ACCESS', 'own/reports.publiclyAccessible', true]]);
  });

  test('a reference leads to the resource that it names, so that a replica has the engine of its source', () => {
    const stack = ownStack();
    const source = new DbInstance(stack, 'reports', GOOD);
    new DbInstance(stack, 'copy', {
      instanceClass: GOOD.instanceClass,
      replicateSourceDb: source.identifier,
      storageEncrypted: true,
      monitoringInterval: 60,
      copyTagsToSnapshot: true,
      skipFinalSnapshot: true,
      tags: GOOD.tags,
    });

    expect(told(stack)).toEqual([
      ['READFLEET_POLICY_LOG_EXPORTS', 'own/copy.enabledCloudwatchLogsExports', undefined],
      ['READFLEET_POLICY_IAM_AUTHENTICATION', 'own/copy.iamDatabaseAuthenticationEnabled', undefined],
    ]);
  });

  test('a password is never shown', () => {
    const stack = ownStack();
    new DbInstance(stack, 'reports', { ...GOOD, password: 'hunter2' });
    const error = refusal(stack);

    expect(error.problems.map(({ code }) => code)).toEqual(['READFLEET_POLICY_SECRET_IN_STATE']);
    expect(JSON.stringify([error.message, error.problems])).not.toContain('hunter2');
  });
});

describe('a stage', () => {
  const cheap = { ...GOOD, multiAz: false, monitoringInterval: 0, backupRetentionPeriod: 1, deletionProtection: false };

  test('of development need not keep what its exemptions say', () => {
    const stack = ownStack({ stage: 'development' });
    new DbInstance(stack, 'reports', { ...cheap, skipFinalSnapshot: true });

    expect(() => Testing.synth(stack, true)).not.toThrow();
  });

  test('of development keeps the rest', () => {
    const stack = ownStack({ stage: 'development' });
    new DbInstance(stack, 'reports', { ...cheap, storageEncrypted: false });

    expect(told(stack)).toEqual([['READFLEET_POLICY_STORAGE_ENCRYPTION', 'own/reports.storageEncrypted', false]]);
  });

  test.each([{ stage: 'staging' } as const, { stage: 'production' } as const, {}])(
    '%j is exempt from nothing',
    (options) => {
      const stack = ownStack(options);
      new DbInstance(stack, 'reports', cheap);

      expect(refusal(stack).problems.map(({ code }) => code)).toEqual([
        'READFLEET_POLICY_MULTI_AZ',
        'READFLEET_POLICY_ENHANCED_MONITORING',
        'READFLEET_POLICY_DELETION_PROTECTION',
        'READFLEET_POLICY_BACKUPS',
      ]);
    },
  );
});

describe('tags', () => {
  const policy = 'READFLEET_POLICY_TAGS';

  test('any will do', () => {
    const stack = ownStack();
    new RawTaggable(stack, 'with', 'aws_a', { tags: { Team: 'reports' } });
    new RawTaggable(stack, 'without', 'aws_a', {});
    new RawTaggable(stack, 'with-none', 'aws_a', { tags: { 'aws:made': 'by AWS' } });
    new Raw(stack, 'that-takes-none', 'aws_b', {});

    expect(told(stack)).toEqual([
      [policy, 'own/without.tags', undefined],
      [policy, 'own/with-none.tags', { 'aws:made': 'by AWS' }],
    ]);
  });

  test('those that are wanted must be there', () => {
    const stack = ownStack({ tags: ['Team', 'Cost'] });
    new RawTaggable(stack, 'one', 'aws_a', { tags: { Team: 'reports' } });

    expect(told(stack)).toEqual([[policy, 'own/one.tags', { Team: 'reports' }]]);
    expect(refusal(stack).message).toContain('Give it the tags Team, Cost');
  });

  test('that the provider puts on everything count', () => {
    const stack = emptyStack();
    new AwsProvider(stack, 'aws', { region: 'eu-central-1', defaultTags: [{ tags: { Team: 'reports' } }] });
    new RawTaggable(stack, 'one', 'aws_a', {});
    Aspects.of(stack).add(new Policies({ tags: ['Team'] }));

    expect(() => Testing.synth(stack, true)).not.toThrow();
  });

  test('whose names only Terraform knows may be those that are wanted', () => {
    const stack = ownStack({ tags: ['Team'] });
    new RawTaggable(stack, 'one', 'aws_a', { tags: { [tf('var.key')]: 'reports' } });

    expect(() => Testing.synth(stack, true)).not.toThrow();
  });

  test('that an aspect puts there count', () => {
    const stack = ownStack({ tags: ['Team', 'Cost'] });
    new DbInstance(stack, 'reports', GOOD);
    Aspects.of(stack).add(new Tags({ Team: 'no', Cost: '42' }));

    expect(parse(Testing.synth(stack, true)).one('aws_db_instance', 'reports').tags).toEqual({
      Team: 'reports',
      Cost: '42',
    });
  });
});

test('a resource beside the fleet in its own stack is held against the same rules', () => {
  const stack = new ReadFleetStack(testApp(), 'test', { environment: checked() });
  new DbInstance(stack, 'reports', { ...GOOD, publiclyAccessible: true });

  expect(told(stack)).toEqual([['READFLEET_POLICY_PUBLIC_ACCESS', 'test/reports.publiclyAccessible', true]]);
});

test("the fleet's own stack wants fleet, environment and who manages it", () => {
  const stack = new ReadFleetStack(testApp(), 'test', { environment: checked() });
  new RawTaggable(stack, 'theirs', 'aws_a', { tags: { Fleet: 'orders', Environment: 'test' } });

  expect(refusal(stack).message).toContain('Give it the tags Fleet, Environment, ManagedBy');
});
