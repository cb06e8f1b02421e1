import { METRIC_NAMESPACE } from '../../../lib/lag/metrics';
import { alarm, fleet, synthesised } from './support';

const stack = synthesised();

test.each([
  ['errors', 'AWS/Lambda', 'Errors', { FunctionName: 'orders-test-emitter' }, 3, 5],
  ['dead-letters', 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: 'orders-test-emitter-failed' }, 5, 5],
  ['not-called', 'AWS/Events', 'FailedInvocations', { RuleName: 'orders-test-emitter-rule' }, 5, 5],
])('emitter-%s goes off above none, and silence is well', (what, namespace, metricName, dimensions, points, of) => {
  expect(alarm(stack, `emitter-${what}`)).toMatchObject({
    namespace,
    metric_name: metricName,
    dimensions,
    comparison_operator: 'GreaterThanThreshold',
    threshold: 0,
    datapoints_to_alarm: points,
    evaluation_periods: of,
    treat_missing_data: 'notBreaching',
  });
});

test('emitter-idle goes off when the function is not called for three minutes: silence is what it is about', () => {
  expect(alarm(stack, 'emitter-idle')).toMatchObject({
    metric_name: 'Invocations',
    statistic: 'Sum',
    comparison_operator: 'LessThanThreshold',
    threshold: 1,
    datapoints_to_alarm: 3,
    evaluation_periods: 3,
    treat_missing_data: 'breaching',
  });
});

test('emitter-quiet goes off at the first minute of three without a sample of the writer, whatever became of it', () => {
  expect(alarm(stack, 'emitter-quiet')).toMatchObject({
    namespace: METRIC_NAMESPACE,
    metric_name: 'replica_health',
    dimensions: { Fleet: 'orders', Environment: 'test', Member: 'primary' },
    statistic: 'SampleCount',
    comparison_operator: 'LessThanThreshold',
    threshold: 1,
    datapoints_to_alarm: 1,
    evaluation_periods: 3,
    treat_missing_data: 'breaching',
  });
});

test('emitter-quiet is on before any health alarm that silence sets off, and over after it', () => {
  // Of data that is missing, CloudWatch fills in what is short of the evaluation periods, and looks two periods further back for real
  // points before it does.
  const FURTHER = 2;
  const quiet = alarm(stack, 'emitter-quiet') as { evaluation_periods: number; datapoints_to_alarm: number };
  const unhealthy = alarm(stack, 'blue-unhealthy') as typeof quiet;
  const silentMinutes = ({ evaluation_periods: of, datapoints_to_alarm: breaching }: typeof quiet) => {
    for (let missing = 0; ; missing++) {
      const real = Math.max(0, of + FURTHER - missing);
      if (Math.max(0, of - real) >= breaching) return missing;
    }
  };
  const soundMinutes = ({ evaluation_periods: of, datapoints_to_alarm: breaching }: typeof quiet) => {
    for (let sound = 0; ; sound++) if (Math.max(0, of - sound) < breaching) return sound;
  };

  expect(silentMinutes(quiet)).toBeLessThan(silentMinutes(unhealthy));
  expect(soundMinutes(quiet)).toBeGreaterThan(soundMinutes(unhealthy));
});

test('without an emitter there is nothing to watch it by', () => {
  expect(synthesised(fleet('aurora')).text).not.toMatch(/emitter/);
});
