import { tf } from '../support/synth';
import { fleet, members, synthesised } from './support';

const subscription = (stack: ReturnType<typeof synthesised>, source: string) =>
  stack.one('aws_db_event_subscription', `alarms-${source}`);

describe('RDS tells the topic', () => {
  test('of every server: failure, failover, maintenance, changes, low storage', () => {
    expect(subscription(synthesised(), 'db-instance')).toMatchObject({
      sns_topic: tf('aws_sns_topic.alarms.arn'),
      source_type: 'db-instance',
      source_ids: ['orders-test-blue', 'orders-test-green', 'orders-test-primary'],
      event_categories: ['configuration change', 'failover', 'failure', 'low storage', 'maintenance'],
      depends_on: expect.arrayContaining(['aws_sns_topic_policy.alarms', 'terraform_data.alarms-servers']),
    });
  });

  test.each(['multi-az-cluster', 'aurora'] as const)('of the cluster of %s', (topology) => {
    expect(subscription(synthesised(fleet(topology)), 'db-cluster')).toMatchObject({
      source_type: 'db-cluster',
      source_ids: ['orders-test'],
      event_categories: ['failover', 'failure', 'maintenance'],
    });
  });

  test('of changes of the parameter group', () => {
    expect(subscription(synthesised(), 'db-parameter-group')).toMatchObject({
      source_type: 'db-parameter-group',
      source_ids: ['orders-test-postgres17'],
      event_categories: ['configuration change'],
    });
  });

  test('of nothing that is not there', () => {
    const sources = (topology: 'instances' | 'aurora') =>
      Object.keys(synthesised(fleet(topology)).resource.aws_db_event_subscription ?? {});

    expect(sources('instances')).toEqual(['alarms-db-instance', 'alarms-db-parameter-group']);
    expect(sources('aurora')).toEqual(['alarms-db-cluster', 'alarms-db-instance']);
  });
});

test('other servers make another subscription: RDS takes none off that is gone already', () => {
  const named = (readers: readonly string[]) =>
    subscription(synthesised(fleet('instances', { members: members('instances', readers) })), 'db-instance').name;

  expect(named(['blue'])).toMatch(/^orders-test-servers-[0-9a-f]{8}$/);
  expect(named(['blue', 'green'])).not.toBe(named(['blue']));
  expect(named(['green', 'blue'])).toBe(named(['blue', 'green']));
});
