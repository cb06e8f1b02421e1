import { policy, refuse, UNKNOWN } from '../policy';
import { isLess, isMultiAzCluster, SERVERS } from './databases';

const told = {
  message: 'Without enhanced monitoring nobody sees which process takes the memory, disk or CPU of a slow server.',
  fix: 'Write monitoringInterval: 60 and a monitoringRoleArn.',
};

export const enhancedMonitoring = policy({
  code: 'READFLEET_POLICY_ENHANCED_MONITORING',
  title: 'Every server samples its operating system.',
  controls: ['RDS.6'],
  types: [...SERVERS, 'aws_rds_cluster'],
  exempt: { development: 'Each server costs log storage for it, and nobody is woken by a development fleet.' },
  check: (resource, stack) => {
    // The members of a Multi-AZ cluster are no resources of their own.
    if (resource.type === 'aws_rds_cluster' && !isMultiAzCluster(resource)) return [];
    if (resource.type === 'aws_rds_cluster_instance') {
      const ofCluster = stack.at(resource.reference('cluster_identifier'))?.get('monitoring_interval');
      if (ofCluster === UNKNOWN || !isLess(ofCluster, 1, 0)) return [];
    }
    return refuse(resource, 'monitoring_interval', (value) => isLess(value, 1, 0), told);
  },
});
