import { proxyUsages } from '../../cost/usages/proxy';
import { checked, checkedAurora, checkedCluster } from '../constructs/support/environments';
import { deployed, inShort, resource } from './support';

const PROXY = resource('aws_db_proxy', 'proxy');

test('without a proxy there is nothing to bill', () => {
  expect(proxyUsages(deployed(checked(), resource('aws_db_instance', 'primary')))).toEqual([]);
});

test('before instances, the vCPUs of the primary alone are billed: the proxy knows no replica', () => {
  const deployment = deployed(
    checked({}, { instanceClass: 'db.r6g.xlarge' }),
    resource('aws_db_instance', 'primary', { multi_az: true }),
    resource('aws_db_instance', 'replica-blue'),
    PROXY,
  );

  // 4 vCPU × 730 h
  expect(inShort(proxyUsages(deployment))).toEqual(['RDS Proxy: 2920 vCPU-h at proxy-vcpu-hour']);
});

test('before a cluster, every member is billed', () => {
  const cluster = resource('aws_rds_cluster', 'cluster', { db_cluster_instance_class: 'db.r6gd.large' });
  const aurora = ['primary', 'reader-blue'].map((name) => resource('aws_rds_cluster_instance', name));

  // 3 × 2 vCPU × 730 h, 2 × 2 vCPU × 730 h
  expect(inShort(proxyUsages(deployed(checkedCluster(), cluster, PROXY)))).toEqual([
    'RDS Proxy: 4380 vCPU-h at proxy-vcpu-hour',
  ]);
  expect(inShort(proxyUsages(deployed(checkedAurora(), ...aurora, PROXY)))).toEqual([
    'RDS Proxy: 2920 vCPU-h at proxy-vcpu-hour',
  ]);
});

test('two vCPUs are the least', () => {
  const small = checked({}, { instanceClass: 'db.c6gd.medium' });

  expect(inShort(proxyUsages(deployed(small, PROXY)))).toEqual(['RDS Proxy: 1460 vCPU-h at proxy-vcpu-hour']);
});

test('of a class whose vCPUs are not known, the quantity is not known', () => {
  const odd = checked({}, { instanceClass: 'db.r6g.metal' });

  expect(inShort(proxyUsages(deployed(odd, PROXY)))).toEqual(['RDS Proxy: undefined vCPU-h at proxy-vcpu-hour']);
});

test('a further endpoint is an interface endpoint in each of its subnets', () => {
  const endpoint = resource('aws_db_proxy_endpoint', 'reader', { vpc_subnet_ids: ['a', 'b', 'c'] });

  expect(inShort(proxyUsages(deployed(checkedCluster(), endpoint)))).toEqual([
    'RDS Proxy, further endpoint: 2190 h at endpoint-hour',
  ]);
});
