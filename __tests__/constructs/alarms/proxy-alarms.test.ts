import { alarm, fleet, synthesised } from './support';

const stack = synthesised();

test('clients of the proxy wait too long when it is more than a second on average, in microseconds', () => {
  expect(alarm(stack, 'proxy-wait')).toMatchObject({
    namespace: 'AWS/RDS',
    metric_name: 'DatabaseConnectionsBorrowLatency',
    dimensions: { ProxyName: 'orders-test' },
    statistic: 'Average',
    threshold: 1_000_000,
    datapoints_to_alarm: 3,
    evaluation_periods: 5,
    treat_missing_data: 'notBreaching',
  });
});

test('how long that is, the environment says', () => {
  const { settings } = fleet();
  const thresholds = { ...settings.thresholds, proxyWaitSeconds: 0.25 };

  expect(alarm(synthesised(fleet('instances', { settings: { ...settings, thresholds } })), 'proxy-wait')).toMatchObject(
    { threshold: 250_000 },
  );
});

test('a proxy that cannot connect to the database is told of', () => {
  expect(alarm(stack, 'proxy-setup-failed')).toMatchObject({
    metric_name: 'DatabaseConnectionsSetupFailed',
    statistic: 'Sum',
    threshold: 0,
    treat_missing_data: 'notBreaching',
  });
});

test('without a proxy there is no alarm on it', () => {
  expect(synthesised(fleet('instances', { proxy: undefined })).text).not.toMatch(/proxy/i);
});
