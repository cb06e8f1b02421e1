import fc from 'fast-check';
import { isPrivateCidr, networkCidr, prefixLength, publicCidr, zoneCidr } from '../../constructs/cidr';

test.each([
  ['10.10.0.0/16', 'eu-central-1a', '10.10.0.0/19'],
  ['10.10.0.0/16', 'eu-central-1b', '10.10.32.0/19'],
  ['10.10.0.0/16', 'eu-central-1h', '10.10.224.0/19'],
  ['192.168.4.0/24', 'us-east-1c', '192.168.4.64/27'],
  ['10.10.77.5/16', 'eu-central-1a', '10.10.0.0/19'],
])('of %s, zone %s owns %s', (cidr, zone, expected) => {
  expect(zoneCidr(cidr, zone)).toBe(expected);
});

test.each([
  ['10.10.0.0/16', '10.10.255.240/28'],
  ['192.168.4.0/24', '192.168.4.240/28'],
])('of %s, the NAT gateway has %s', (cidr, expected) => {
  expect(publicCidr(cidr)).toBe(expected);
});

test("the NAT gateway's block lies in the network, and meets no zone of the letters that there are", () => {
  const network = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 16, max: 24 }));
  const within = (inner: string, outer: string) =>
    networkCidr(`${inner.split('/')[0]}/${prefixLength(outer)}`) === outer;

  fc.assert(
    fc.property(network, fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), ([octet, length], letter) => {
      const cidr = networkCidr(`10.${octet}.0.0/${length}`);
      expect(within(publicCidr(cidr), cidr)).toBe(true);
      expect(within(publicCidr(cidr), zoneCidr(cidr, `eu-central-1${letter}`))).toBe(false);
      expect(within(publicCidr(cidr), zoneCidr(cidr, 'eu-central-1h'))).toBe(true);
    }),
  );
});

test.each([
  ['10.0.0.0/8', true],
  ['10.0.0.0/7', false],
  ['172.16.0.0/12', true],
  ['172.31.255.255/32', true],
  ['172.16.0.0/11', false],
  ['172.32.0.0/16', false],
  ['192.168.0.0/16', true],
  ['192.169.0.0/16', false],
  ['100.64.0.0/10', true],
  ['100.128.0.0/16', false],
  ['0.0.0.0/0', false],
  ['8.8.8.8/32', false],
])('that %s is private is %s', (cidr, expected) => {
  expect(isPrivateCidr(cidr)).toBe(expected);
});

test('what is set beyond the length is cut off', () => {
  expect(networkCidr('10.10.77.5/16')).toBe('10.10.0.0/16');
  expect(networkCidr('255.255.255.255/32')).toBe('255.255.255.255/32');
});
