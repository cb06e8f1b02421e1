/** What a change of the proxy touches, by the real provider's plan over the state that it left. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { awsProvider, DEFAULTS, FleetProxy, type FleetProxyProps } from '../../constructs';
import { type Plan, withWorkspace } from '../../terraform';
import { describeWith, terraform } from '../support/left-out';
import { terraformHere } from '../support/left-out-tools';
import { stateLeftBy, TEN_MINUTES } from '../terraform/verdicts';
import { KEY, MEMBERS } from './functions/support';

const BEFORE: FleetProxyProps = {
  name: 'orders-test',
  region: 'eu-central-1',
  settings: DEFAULTS.proxy,
  readEndpoint: true,
  members: MEMBERS,
  subnetIds: ['subnet-1', 'subnet-2'],
  securityGroupIds: ['sg-1'],
  keyArn: KEY,
};

/** What a new proxy needs anew. */
const ALL = [
  'aws_db_proxy.fleet',
  'aws_db_proxy_default_target_group.fleet',
  'aws_db_proxy_endpoint.read',
  'aws_db_proxy_target.fleet',
];

describeWith(terraform, 'a proxy, by the real Terraform and provider', () => {
  const plans: Partial<Record<'elsewhere' | 'tuned' | 'renamed', Plan>> = {};

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'readfleet-test-'));
    try {
      const on = <T>(name: string, changes: Partial<FleetProxyProps>, work: Parameters<typeof withWorkspace<T>>[2]) =>
        withWorkspace<T>(synthesised(join(folder, name), changes), terraformHere(), work);
      const state = await on('before', {}, stateLeftBy);
      const after = {
        elsewhere: { subnetIds: ['subnet-1', 'subnet-3'] },
        tuned: { settings: { ...DEFAULTS.proxy, idleClientTimeoutMinutes: 60, maxConnectionsPercent: 50 } },
        renamed: { settings: { ...DEFAULTS.proxy, user: 'web' } },
      } as const;
      for (const [name, changes] of Object.entries(after)) {
        plans[name as keyof typeof after] = await on(name, changes, (workspace) => workspace.planOver(state));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, TEN_MINUTES);

  function changes(plan: Plan | undefined) {
    return (plan?.resources ?? [])
      .filter(({ actions }) => !actions.includes('no-op'))
      .map(({ actions, address }) => `${address}: ${actions.join(' and ')}`)
      .sort();
  }

  test('that is made anew takes its pool, its target and its endpoint along', () => {
    expect(changes(plans.elsewhere)).toEqual(ALL.map((address) => `${address}: delete and create`));
  });

  test('that changes in place keeps its target', () => {
    expect(changes(plans.tuned)).toEqual([
      'aws_db_proxy.fleet: update',
      'aws_db_proxy_default_target_group.fleet: update',
    ]);
  });

  test('with another role has its secret written again, though the password is no newer', () => {
    expect(changes(plans.renamed)).toEqual([
      'aws_secretsmanager_secret_version.proxy: delete and create',
      'terraform_data.proxy-password: delete and create',
    ]);
  });
});

/** A stack with nothing but a proxy, and its folder. */
function synthesised(outdir: string, changes: Partial<FleetProxyProps>): string {
  const app = new App({ outdir, stackTraces: false });
  const stack = new TerraformStack(app, 'own');
  awsProvider(stack, { region: 'eu-central-1' });
  new FleetProxy(stack, 'proxy', { ...BEFORE, ...changes });
  app.synth();
  return join(outdir, 'stacks/own');
}
