import { lacking, policy, refuse } from '../policy';
import { DATABASES, engineOf } from './databases';

/** By engine; of other engines nothing is asked here. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
  postgres: ['postgresql', 'upgrade'],
  'aurora-postgresql': ['postgresql'],
};

export const logExports = policy({
  code: 'READFLEET_POLICY_LOG_EXPORTS',
  title: "PostgreSQL's logs are kept outside of the server.",
  controls: ['RDS.9', 'RDS.36', 'RDS.37'],
  types: DATABASES,
  check: (resource, stack) => {
    const wanted = WANTED[String(engineOf(resource, stack))] ?? [];
    return refuse(resource, 'enabled_cloudwatch_logs_exports', (value) => lacking(value, wanted).length > 0, {
      message: 'Logs that stay on the server are deleted after days, and are lost with it.',
      fix: `Write enabledCloudwatchLogsExports: [${wanted.map((one) => `'${one}'`).join(', ')}].`,
    });
  },
});
