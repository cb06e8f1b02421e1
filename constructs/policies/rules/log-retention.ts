import { policy, refuse } from '../policy';

export const logRetention = policy({
  code: 'READFLEET_POLICY_LOG_RETENTION',
  title: 'A log group says how long it keeps.',
  controls: [],
  types: ['aws_cloudwatch_log_group'],
  check: (resource) =>
    refuse(resource, 'retention_in_days', (value) => value === undefined || value === 0, {
      message: 'Logs are kept and paid for without end, also what had to be deleted.',
      fix: 'Write retentionInDays, e.g. 30.',
    }),
});
