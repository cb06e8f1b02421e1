import { vcpusOf } from '../../cost/instance-class';
import { several } from '../../cost/usage';
import { keepingUsages } from '../../cost/usages/keeping';
import { networkUsages } from '../../cost/usages/network';
import { checked, checkedCluster } from '../constructs/support/environments';
import { deployed, inShort, resource } from './support';

test('an interface endpoint is billed in each of its subnets, a gateway endpoint not at all', () => {
  const deployment = deployed(
    checked(),
    resource('aws_vpc_endpoint', 'secrets', { vpc_endpoint_type: 'Interface', subnet_ids: ['a', 'b'] }),
    resource('aws_vpc_endpoint', 's3', { vpc_endpoint_type: 'Gateway' }),
  );

  expect(inShort(networkUsages(deployment))).toEqual(['interface endpoint secrets: 1460 h at endpoint-hour']);
  expect(networkUsages(deployment)[0]?.detail).toBe('in 2 zones');
});

test('one of a thing is told as one', () => {
  expect([0, 1, 2].map((count) => several(count, 'zone'))).toEqual(['0 zones', '1 zone', '2 zones']);
});

test('NAT gateways and their addresses are billed by the hour, zones and health checks by the piece', () => {
  const deployment = deployed(
    checked(),
    resource('aws_nat_gateway', 'nat'),
    resource('aws_eip', 'nat'),
    resource('aws_route53_zone', 'zone'),
    resource('aws_route53_health_check', 'blue'),
    resource('aws_route53_health_check', 'green'),
  );

  expect(inShort(networkUsages(deployment))).toEqual([
    'NAT gateway: 730 h at nat-hour',
    'public address: 730 h at address-hour',
    'private zone: 1 pieces at zone',
    'health checks: 2 pieces at health-check',
  ]);
});

test('keys and secrets are billed by the piece, in their region', () => {
  const deployment = deployed(
    checked(),
    resource('aws_kms_key', 'fleet'),
    resource('aws_kms_key', 'dublin', {}, 'eu-west-1'),
    resource('aws_secretsmanager_secret', 'master'),
    resource('aws_secretsmanager_secret', 'proxy'),
  );

  expect(keepingUsages(deployment).map(({ what, region, quantity }) => [what, region, quantity])).toEqual([
    ['KMS key', 'eu-central-1', 1],
    ['KMS key', 'eu-west-1', 1],
    ['secrets', 'eu-central-1', 2],
  ]);
});

test('the secret that RDS makes for a cluster is billed too', () => {
  const cluster = resource('aws_rds_cluster', 'cluster', { manage_master_user_password: true });

  expect(inShort(keepingUsages(deployed(checkedCluster(), cluster)))).toEqual(['secrets: 1 pieces at secret']);
});

test('standard parameters are free, advanced ones are not', () => {
  const deployment = deployed(
    checked(),
    resource('aws_ssm_parameter', 'writer', { tier: 'Standard' }),
    resource('aws_ssm_parameter', 'contract', { tier: 'Advanced' }),
  );

  expect(inShort(keepingUsages(deployment))).toEqual(['advanced parameters: 1 pieces at advanced-parameter']);
});

test.each([
  ['db.t4g.micro', 2],
  ['db.t3.2xlarge', 8],
  ['db.c6gd.medium', 1],
  ['db.r6g.large', 2],
  ['db.m7g.xlarge', 4],
  ['db.r6gd.16xlarge', 64],
  ['db.r6g.metal', undefined],
  ['db.t4g.huge', undefined],
])('%s has %s vCPUs', (instanceClass, vcpus) => {
  expect(vcpusOf(instanceClass)).toBe(vcpus);
});
