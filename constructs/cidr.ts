/** Blocks that a network is divided into: one for each zone letter, `a` to `h`. */
const BLOCKS = 8;

/**
 * The subnet of a zone within a VPC's block: the zone's letter picks an eighth of it.
 *
 * By letter and not by position, so that a zone that comes or goes moves no other, and with it no database.
 *
 * @example zoneCidr('10.10.0.0/16', 'eu-central-1b') // '10.10.32.0/19'
 */
export function zoneCidr(cidr: string, zone: string): string {
  const [address = '', length = ''] = cidr.split('/');
  const index = zone.charCodeAt(zone.length - 1) - 'a'.charCodeAt(0);
  const prefixLength = Number(length) + Math.log2(BLOCKS);
  // Arithmetic, not bit operations: those are signed in JavaScript, and 192.0.0.0 would come out negative.
  const size = 2 ** (32 - Number(length));
  const base = Math.floor(toNumber(address) / size) * size;
  return `${toAddress(base + (index * size) / BLOCKS)}/${prefixLength}`;
}

function toNumber(address: string): number {
  return address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
