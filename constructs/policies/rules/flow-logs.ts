import { policy, UNKNOWN } from '../policy';

const RECORDS_REFUSALS: readonly unknown[] = ['REJECT', 'ALL', UNKNOWN];

export const flowLogs = policy({
  code: 'READFLEET_POLICY_FLOW_LOGS',
  title: 'A VPC records the connections that it refuses.',
  controls: ['EC2.6'],
  types: ['aws_vpc'],
  check: (resource, stack) => {
    const logged = stack
      .ofType('aws_flow_log')
      .some(
        (log) => log.reference('vpc_id') === resource.address && RECORDS_REFUSALS.includes(log.get('traffic_type')),
      );
    if (logged) return [];
    return [
      {
        property: 'id',
        got: 'no flow log',
        message: 'Nobody can see who tried to reach the network.',
        fix: "Add new FlowLog(…, { vpcId, trafficType: 'REJECT', … }).",
      },
    ];
  },
});
