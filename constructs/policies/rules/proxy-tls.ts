import { policy, refuse } from '../policy';

export const proxyTls = policy({
  code: 'READFLEET_POLICY_PROXY_TLS',
  title: 'RDS Proxy refuses connections without TLS.',
  controls: ['RDS.43'],
  types: ['aws_db_proxy'],
  check: (resource) =>
    refuse(resource, 'require_tls', (value) => value !== true, {
      message: 'The proxy takes connections without TLS, whatever the database behind it wants.',
      fix: 'Write requireTls: true.',
    }),
});
