import { custom, environment, type InstancesEnvironmentInput } from '../../../constructs/environment';
import { MINIMAL, MINIMAL_AURORA, MINIMAL_CLUSTER } from '../support/environments';

/** Never called: the compiler is the test. Each expected error that does not come is an error itself. */
function whatDoesNotCompile(): void {
  // @ts-expect-error: AWS attaches a proxy to the writer of instances only
  environment({ ...MINIMAL, proxy: { readEndpoint: true } });

  // @ts-expect-error: this release deploys no such topology
  environment({ ...MINIMAL, topology: 'kubernetes' });

  // @ts-expect-error: a replica takes its class from the primary
  environment({ ...MINIMAL, replicas: { blue: { zone: 'eu-central-1a', instanceClass: 'db.r6g.large' } } });

  const { database } = MINIMAL;
  // @ts-expect-error: minors are AWS's choice
  environment({ ...MINIMAL, database: { ...database, engineMajor: 17.4 } });
  // @ts-expect-error: not an instance class
  environment({ ...MINIMAL, database: { ...database, instanceClass: 'r6g.large' } });
  // @ts-expect-error: RDS samples at certain intervals only
  environment({ ...MINIMAL, database: { ...database, monitoringIntervalSeconds: 7 } });
  // @ts-expect-error: the password is made at deployment
  environment({ ...MINIMAL, database: { ...database, password: 'x' } });

  // @ts-expect-error: a size needs its unit
  environment({ ...MINIMAL, database: { ...database, parameters: { work_mem: 16 } } });
  // @ts-expect-error: no such unit
  environment({ ...MINIMAL, database: { ...database, parameters: { work_mem: '16 pages' } } });
  // @ts-expect-error: a number, not a text
  environment({ ...MINIMAL, database: { ...database, parameters: { max_connections: '400' } } });
  // @ts-expect-error: no such parameter
  environment({ ...MINIMAL, database: { ...database, parameters: { wrok_mem: '16MB' } } });

  // @ts-expect-error: a local backend has no bucket
  environment({ ...MINIMAL, backend: { kind: 'local', bucket: 'state' } });
  // @ts-expect-error: subnets are said by zone
  environment({ ...MINIMAL, network: { kind: 'existing', vpcId: 'vpc-1', subnets: ['subnet-1', 'subnet-2'] } });

  // @ts-expect-error: a promotion is said to be irreversible
  environment({ ...MINIMAL, promoted: { green: {} } });
  // @ts-expect-error: what is promoted stays in its zone
  environment({ ...MINIMAL, promoted: { green: { zone: 'eu-central-1a', irreversible: true } } });
  // @ts-expect-error: the provider makes no replica of a Multi-AZ cluster
  environment({ ...MINIMAL_CLUSTER, replicas: { blue: { zone: 'eu-central-1a' } } });
  // @ts-expect-error: a Multi-AZ cluster takes classes with local disks only
  environment({ ...MINIMAL_CLUSTER, database: { ...MINIMAL_CLUSTER.database, instanceClass: 'db.r6g.large' } });
  // @ts-expect-error: io1 needs its IOPS said
  environment({
    ...MINIMAL_CLUSTER,
    database: { ...MINIMAL_CLUSTER.database, storage: { type: 'io1', sizeGiB: 100 } },
  });
  // @ts-expect-error: the provider has no word for minor versions on a cluster
  environment({ ...MINIMAL_CLUSTER, database: { ...MINIMAL_CLUSTER.database, autoMinorVersionUpgrade: true } });
  // @ts-expect-error: a reader takes its class from the cluster
  environment({ ...MINIMAL_AURORA, readers: { blue: { zone: 'eu-central-1b', instanceClass: 'db.r6g.large' } } });
  // @ts-expect-error: autoscaling holds one target
  environment({ ...MINIMAL_AURORA, autoscaling: { minReaders: 1, maxReaders: 3 } });

  const checked = environment(MINIMAL);
  // @ts-expect-error: what was checked stays as it is
  checked.database.multiAz = false;
}

test('what does not compile is a function that is never called', () => {
  expect(whatDoesNotCompile).toBeInstanceOf(Function);
});

test('sizes, durations, special values and custom parameters compile as people write them', () => {
  const parameters: InstancesEnvironmentInput['database']['parameters'] = {
    work_mem: '16 MB',
    shared_buffers: '1.5GB',
    wal_buffers: -1,
    max_standby_streaming_delay: '30s',
    'rds.logical_replication': false,
    shared_preload_libraries: ['pg_stat_statements', 'pg_cron'],
    ...custom('auto_explain.log_min_duration', '500', { apply: 'immediate' }),
    ...custom('max_connections', '10', { apply: 'pending-reboot' }),
  };

  expect(() => environment({ ...MINIMAL, database: { ...MINIMAL.database, parameters } })).not.toThrow();
});
