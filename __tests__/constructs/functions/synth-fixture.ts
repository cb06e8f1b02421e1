/** Synthesises both functions into a folder, and prints which packages that took; for a test that wants a process of its own. */
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { Bootstrap, type SecretsAccess } from '../../../constructs';
import { FleetFunction } from '../../../constructs/functions/fleet-function';
import { MEMBERS, SURROUNDINGS } from './support';

const app = new App({ outdir: process.argv[2] ?? '', stackTraces: false });
const stack = new TerraformStack(app, 'fleet');
new AwsProvider(stack, 'aws', { region: SURROUNDINGS.region });
new Bootstrap(stack, 'bootstrap', {
  ...SURROUNDINGS,
  database: 'orders',
  members: MEMBERS,
  roles: [],
  secrets: { endpointUrl: undefined, ready: [] } as unknown as SecretsAccess,
  after: [],
});
new FleetFunction(stack, 'emitter', {
  ...SURROUNDINGS,
  code: 'emitter',
  description: '',
  timeoutSeconds: 60,
  memoryMiB: 128,
  logRetentionDays: 1,
  variables: {},
  statements: [],
  after: [],
});
app.synth();
const packages = Object.keys(require.cache).map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? '');
console.log(JSON.stringify([...new Set(packages)]));
