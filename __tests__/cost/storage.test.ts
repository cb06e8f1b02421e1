import type { StorageInput } from '../../constructs';
import { storageUsages } from '../../cost/usages/storage';
import { checked, checkedAurora, checkedCluster } from '../constructs/support/environments';
import { deployed, inShort, resource } from './support';

const PRIMARY = resource('aws_db_instance', 'primary', { multi_az: true });
const BLUE = resource('aws_db_instance', 'replica-blue');

function instances(storage: StorageInput) {
  return inShort(storageUsages(deployed(checked({}, { storage }), PRIMARY, BLUE)));
}

test('every server has a disk of the same size, and a standby one of its own', () => {
  expect(instances({ sizeGiB: 100 })).toEqual(['gp3 storage: 300 GiB at gp3-gib']);
});

test('what gp3 brings along from 400 GiB on is not billed, what goes beyond is', () => {
  expect(instances({ sizeGiB: 400, iops: 12_000, throughputMiBps: 500 })).toEqual(['gp3 storage: 1200 GiB at gp3-gib']);
  expect(instances({ sizeGiB: 400, iops: 14_000, throughputMiBps: 600 })).toEqual([
    'gp3 storage: 1200 GiB at gp3-gib',
    'gp3 IOPS: 6000 IOPS at gp3-iops',
    'gp3 throughput: 300 MiB/s at gp3-mibps',
  ]);
});

test('the three members of a Multi-AZ cluster have a disk each, and io1 bills every IOPS', () => {
  const environment = checkedCluster({}, { storage: { type: 'io1', sizeGiB: 400, iops: 4_000 } });
  const cluster = resource('aws_rds_cluster', 'cluster', { db_cluster_instance_class: 'db.r6gd.large' });

  expect(inShort(storageUsages(deployed(environment, cluster)))).toEqual([
    'io1 storage: 1200 GiB at io1-gib',
    'io1 IOPS: 12000 IOPS at io1-iops',
  ]);
});

test('a disk in another region is billed there', () => {
  const dublin = resource('aws_db_instance', 'replica-dublin', {}, 'eu-west-1');

  expect(
    storageUsages(deployed(checked(), BLUE, dublin)).map(({ region, quantity }) => `${quantity} in ${region}`),
  ).toEqual(['20 in eu-central-1', '20 in eu-west-1']);
});

test("Aurora's storage grows by itself: no size is made up", () => {
  const server = resource('aws_rds_cluster_instance', 'primary');

  expect(storageUsages(deployed(checkedAurora(), resource('aws_rds_cluster', 'cluster'), server))).toEqual([]);
});
