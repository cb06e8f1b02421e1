import { policy, refuse, UNKNOWN } from '../policy';

/** What an alarm can be for besides telling someone. */
const READERS = ['aws_cloudwatch_composite_alarm', 'aws_route53_health_check'];

export const alarmActions = policy({
  code: 'READFLEET_POLICY_ALARM_ACTIONS',
  title: 'Every alarm tells someone.',
  controls: ['CloudWatch.15', 'CloudWatch.17'],
  types: ['aws_cloudwatch_metric_alarm'],
  check: (resource, stack) => {
    const off = refuse(resource, 'actions_enabled', (value) => value === false, {
      message: 'Its actions are off: nobody hears of it.',
      fix: 'Write actionsEnabled: true.',
    });
    const name = resource.get('alarm_name');
    const read = stack
      .ofType(...READERS)
      .some(
        (reader) =>
          reader.mentions(resource) ||
          (name !== UNKNOWN && reader.get('cloudwatch_alarm_name') === name && name !== undefined),
      );
    if (read) return off;
    return [
      ...off,
      ...refuse(resource, 'alarm_actions', (value) => !Array.isArray(value) || value.length === 0, {
        message: 'It goes off and nobody hears of it.',
        fix: 'Write alarmActions with a topic.',
      }),
    ];
  },
});
