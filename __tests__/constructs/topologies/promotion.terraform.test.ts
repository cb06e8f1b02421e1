/** What a promotion does, by the real provider: in its plan over the state that replicas left, and where there was no replica. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import {
  awsProvider,
  Instances,
  type InstancesProps,
  PromotedReplica,
  withDatabaseDefaults,
} from '../../../constructs';
import { type PlannedResource, withWorkspace } from '../../../terraform';
import { describeWith, terraform } from '../../support/left-out';
import { terraformHere } from '../../support/left-out-tools';
import { stateLeftBy, TEN_MINUTES } from '../../terraform/verdicts';
import { MINIMAL } from '../support/environments';

const region = 'eu-central-1';
const KEY = `arn:aws:kms:${region}:123456789012:key/0a1b2c3d`;
const database = withDatabaseDefaults(MINIMAL.database);
const BEFORE: InstancesProps = {
  fleet: 'orders',
  environment: 'test',
  region,
  database,
  replicas: { blue: { zone: `${region}a`, weight: 1 }, green: { zone: `${region}b`, weight: 1 } },
  subnetIds: ['subnet-1', 'subnet-2'],
  securityGroupIds: ['sg-1'],
  keyArn: KEY,
};
const { green: _, ...rest } = BEFORE.replicas;

/** Values that change, with what they were and what they become. */
function differences({ before, after, afterUnknown }: PlannedResource) {
  const names = Object.keys({ ...before, ...after }).filter(
    (name) => afterUnknown[name] === true || JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]),
  );
  return Object.fromEntries(
    names.map((name) => [name, [before?.[name], afterUnknown[name] === true ? 'unknown' : after?.[name]]]),
  );
}

describeWith(terraform, 'a promotion, by the real Terraform and provider', () => {
  let folder: string;
  let resources: readonly PlannedResource[];
  let creation: { readonly code: number | null; readonly stderr: string };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'readfleet-test-'));
    const state = await withWorkspace(fleet('before', BEFORE), terraformHere(), stateLeftBy);
    const after = fleet('after', { ...BEFORE, replicas: rest, promoted: { green: { irreversible: true } } });
    ({ resources } = await withWorkspace(after, terraformHere(), (workspace) => workspace.planOver(state)));
    creation = await withWorkspace(neverAReplica(), terraformHere(), (workspace) =>
      workspace.run(['apply', '-auto-approve', '-input=false', '-no-color']),
    );
  }, TEN_MINUTES);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function stackIn(name: string, fill: (stack: TerraformStack) => void): string {
    const app = new App({ outdir: join(folder, name), stackTraces: false });
    const stack = new TerraformStack(app, 'own');
    awsProvider(stack, { region });
    fill(stack);
    app.synth();
    return join(folder, name, 'stacks/own');
  }

  const fleet = (name: string, props: InstancesProps) =>
    stackIn(name, (stack) => {
      new Instances(stack, 'members', props);
    });

  const neverAReplica = () =>
    stackIn('never', (stack) => {
      new PromotedReplica(stack, 'red', {
        ...database,
        replicaName: 'red',
        identifier: 'orders-test-red',
        finalSnapshot: false,
        monitoringIntervalSeconds: 0,
        subnetGroupName: 'orders-test',
        securityGroupIds: BEFORE.securityGroupIds,
        parameterGroupName: 'orders-test-postgres17',
        keyArn: KEY,
      });
    });

  test('changes the replica in place, and makes and destroys nothing but the name of its last snapshot', () => {
    const changed = resources.filter(({ actions }) => !actions.includes('no-op'));

    expect(Object.fromEntries(changed.map(({ address, actions }) => [address, actions]))).toEqual({
      'aws_db_instance.replica-green': ['update'],
      'terraform_data.life-green': ['create'],
    });
  });

  test('ends its replication, and gives it the backups and the protection of the primary', () => {
    const green = resources.find(({ address }) => address === 'aws_db_instance.replica-green') as PlannedResource;
    const { tags: _, tags_all: __, ...changes } = differences(green);

    expect(changes).toMatchObject({
      replicate_source_db: [expect.any(String), null],
      backup_retention_period: [expect.anything(), 30],
      deletion_protection: [false, true],
      skip_final_snapshot: [true, false],
      multi_az: [false, true],
    });
    expect(Object.keys(changes).sort()).toEqual([
      'backup_retention_period',
      'backup_window',
      // Of a real replica it is the primary's already; a mocked one has any.
      'db_subnet_group_name',
      'delete_automated_backups',
      'deletion_protection',
      'final_snapshot_identifier',
      'multi_az',
      'replicate_source_db',
      'skip_final_snapshot',
    ]);
  });

  test('of a name that no replica had fails before AWS is called', () => {
    expect(creation.code).not.toBe(0);
    expect(creation.stderr).toMatch(/"engine": required field is not set/);
    expect(creation.stderr).toMatch(/"allocated_storage": required field is not set/);
  });
});
