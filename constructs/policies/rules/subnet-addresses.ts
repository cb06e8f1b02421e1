import { policy, refuse } from '../policy';

export const subnetAddresses = policy({
  code: 'READFLEET_POLICY_SUBNET_ADDRESSES',
  title: 'No subnet gives out public addresses by itself.',
  controls: ['EC2.15'],
  types: ['aws_subnet'],
  check: (resource) =>
    refuse(resource, 'map_public_ip_on_launch', (value) => value === true, {
      message: 'Whatever is started there gets a public address unasked.',
      fix: 'Write mapPublicIpOnLaunch: false.',
    }),
});
