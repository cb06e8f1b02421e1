import { policy, refuse } from '../policy';
import { SERVERS } from './databases';

export const publicAccess = policy({
  code: 'READFLEET_POLICY_PUBLIC_ACCESS',
  title: 'No server has a public address.',
  controls: ['RDS.2'],
  types: SERVERS,
  check: (resource) =>
    refuse(resource, 'publicly_accessible', (value) => value === true, {
      message: 'The server gets a public address, and its name resolves to it from everywhere.',
      fix: 'Write publiclyAccessible: false. Who is elsewhere comes by peering, VPN or a bastion.',
    }),
});
