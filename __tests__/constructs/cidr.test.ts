import { zoneCidr } from '../../constructs/cidr';

test.each([
  ['10.10.0.0/16', 'eu-central-1a', '10.10.0.0/19'],
  ['10.10.0.0/16', 'eu-central-1b', '10.10.32.0/19'],
  ['10.10.0.0/16', 'eu-central-1h', '10.10.224.0/19'],
  ['192.168.4.0/24', 'us-east-1c', '192.168.4.64/27'],
  ['10.10.77.5/16', 'eu-central-1a', '10.10.0.0/19'],
])('of %s, zone %s owns %s', (cidr, zone, expected) => {
  expect(zoneCidr(cidr, zone)).toBe(expected);
});
