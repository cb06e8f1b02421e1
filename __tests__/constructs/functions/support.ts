import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import type { FleetMembers } from '../../../constructs';
import type { FunctionSurroundings } from '../../../constructs/functions/fleet-function';
import { testApp } from '../support/app';

/** A stack with nothing but a provider, for a construct by itself. */
export function emptyStack(name = 'test', outdir?: string): TerraformStack {
  const app = testApp(outdir);
  const stack = new TerraformStack(app, name);
  new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
  return stack;
}

/** A JSON text with expressions of Terraform in it, whose quotes are not JSON's. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever is in it.
export function parseTemplate(text: unknown): any {
  return JSON.parse(String(text).replace(/\$\{[^}]*\}/g, (expression) => JSON.stringify(expression).slice(1, -1)));
}

export const ACCOUNT = '111122223333';
export const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/fleet';

export const SURROUNDINGS: FunctionSurroundings = {
  fleet: 'orders',
  environment: 'production',
  region: 'eu-central-1',
  accountId: ACCOUNT,
  subnetIds: ['subnet-a', 'subnet-b'],
  securityGroupIds: ['sg-functions'],
  keyArn: KEY,
};

/** A primary and one replica, as any topology tells of them. */
export const MEMBERS: FleetMembers = {
  topology: 'instances',
  writer: { name: 'primary', host: 'primary.example', port: 5432, resourceId: 'db-PRIMARY' },
  readers: [
    { name: 'blue', host: 'blue.example', port: 5432, resourceId: 'db-BLUE', zone: 'eu-central-1a', weight: 1 },
  ],
  instances: [],
  connectResourceIds: ['db-PRIMARY', 'db-BLUE'],
  masterSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:master',
  ready: [],
  proxyTarget: { kind: 'instance', identifier: 'orders-production-primary' },
};

/** Something of Terraform's that others wait for. */
export function dependable(name: string) {
  return { fqn: `terraform_data.${name}` };
}
