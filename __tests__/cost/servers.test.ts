import { serverUsages } from '../../cost/usages/servers';
import { checked, checkedAurora, checkedCluster } from '../constructs/support/environments';
import { deployed, inShort, resource } from './support';

test('each instance is billed 730 hours a month, and a standby as much again', () => {
  const deployment = deployed(
    checked(),
    resource('aws_db_instance', 'primary', { multi_az: true }),
    resource('aws_db_instance', 'replica-blue', { multi_az: false }),
  );

  expect(inShort(serverUsages(deployment))).toEqual([
    'primary: 730 h at instance/db.r6g.large',
    'Multi-AZ standby of primary: 730 h at instance/db.r6g.large',
    'replica blue: 730 h at instance/db.r6g.large',
  ]);
});

test('a replica in another region is billed there, and a name is left as it is', () => {
  const dublin = resource('aws_db_instance', 'eu-west-1-replica-dublin-two', {}, 'eu-west-1');

  expect(serverUsages(deployed(checked(), dublin))).toMatchObject([
    { what: 'replica dublin-two', region: 'eu-west-1' },
  ]);
});

test('a Multi-AZ cluster is billed as one, of three members', () => {
  const cluster = resource('aws_rds_cluster', 'cluster', { db_cluster_instance_class: 'db.r6gd.large' });

  expect(inShort(serverUsages(deployed(checkedCluster(), cluster)))).toEqual([
    'writer and two readable standbys: 730 h at cluster/db.r6gd.large',
  ]);
});

test('Aurora bills each server, and more where I/O is not billed', () => {
  const servers = [
    resource('aws_rds_cluster', 'cluster'),
    resource('aws_rds_cluster_instance', 'primary'),
    resource('aws_rds_cluster_instance', 'reader-blue'),
  ];

  expect(inShort(serverUsages(deployed(checkedAurora(), ...servers)))).toEqual([
    'primary: 730 h at aurora/db.r6g.large',
    'reader blue: 730 h at aurora/db.r6g.large',
  ]);
  expect(
    inShort(serverUsages(deployed(checkedAurora({}, { storageType: 'aurora-iopt1' }), ...servers.slice(0, 2)))),
  ).toEqual(['primary: 730 h at aurora-iopt1/db.r6g.large']);
});
