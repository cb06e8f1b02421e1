import { lacking, policy, refuse, UNKNOWN } from '../policy';

/** What a subscription of these sources must tell. One that names no categories tells all. */
const CRITICAL: Readonly<Record<string, readonly string[]>> = {
  'db-instance': ['maintenance', 'configuration change', 'failure'],
  'db-cluster': ['maintenance', 'failure'],
  'db-parameter-group': ['configuration change'],
  'db-security-group': ['configuration change', 'failure'],
};

export const eventSubscription = policy({
  code: 'READFLEET_POLICY_EVENT_SUBSCRIPTION',
  title: 'A subscription to events of RDS tells the critical ones.',
  controls: ['RDS.19', 'RDS.20', 'RDS.21', 'RDS.22'],
  types: ['aws_db_event_subscription'],
  check: (resource) => {
    const source = resource.get('source_type');
    const wanted = source === UNKNOWN ? [] : (CRITICAL[String(source)] ?? []);
    return [
      ...refuse(resource, 'enabled', (value) => value === false, {
        message: 'The subscription is off: whoever relies on it hears nothing.',
        fix: 'Write enabled: true, or take it away.',
      }),
      ...refuse(
        resource,
        'event_categories',
        (value) => Array.isArray(value) && value.length > 0 && lacking(value, wanted).length > 0,
        {
          message: 'The subscription leaves out events that mean an outage or a change of the server.',
          fix: `Write eventCategories with ${wanted.map((one) => `'${one}'`).join(', ')}, or leave it out for all.`,
        },
      ),
    ];
  },
});
