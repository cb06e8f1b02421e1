/** Blocks that a network is divided into: one for each zone letter, `a` to `h`. */
const BLOCKS = 8;

/** The smallest subnet that AWS makes. */
const SMALLEST_SUBNET = 28;

/** Blocks that the internet does not route, so that whoever is in one is in the VPC or comes by a private way. */
const PRIVATE_BLOCKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** An IPv4 block: `size` addresses from `first` on, which is on a multiple of `size`. */
interface Block {
  readonly first: number;
  readonly length: number;
  readonly size: number;
}

/**
 * The subnet of a zone within a VPC's block: the zone's letter picks an eighth of it.
 *
 * By letter and not by position, so that a zone that comes or goes moves no other, and with it no database.
 *
 * @example zoneCidr('10.10.0.0/16', 'eu-central-1b') // '10.10.32.0/19'
 */
export function zoneCidr(cidr: string, zone: string): string {
  const { first, length, size } = parse(cidr);
  const index = zone.charCodeAt(zone.length - 1) - 'a'.charCodeAt(0);
  return `${toAddress(first + (index * size) / BLOCKS)}/${length + Math.log2(BLOCKS)}`;
}

/**
 * The public subnet of a VPC's block, for its NAT gateway: the last sixteen addresses. They lie in the eighth of zone letter `h`,
 * which no region has, so that they meet no zone's subnet whichever zones come later (docs/decisions/0019-way-to-secrets.md).
 *
 * @example publicCidr('10.10.0.0/16') // '10.10.255.240/28'
 */
export function publicCidr(cidr: string): string {
  const { first, size } = parse(cidr);
  return `${toAddress(first + size - 2 ** (32 - SMALLEST_SUBNET))}/${SMALLEST_SUBNET}`;
}

/**
 * The block as AWS writes it, with nothing set beyond its length.
 *
 * @example networkCidr('10.10.77.5/16') // '10.10.0.0/16'
 */
export function networkCidr(cidr: string): string {
  const { first, length } = parse(cidr);
  return `${toAddress(first)}/${length}`;
}

/** Whether the whole block is private. */
export function isPrivateCidr(cidr: string): boolean {
  const { first, size } = parse(cidr);
  return PRIVATE_BLOCKS.map(parse).some((block) => block.first <= first && first + size <= block.first + block.size);
}

/** How many bits of the block's addresses are given. */
export function prefixLength(cidr: string): number {
  return parse(cidr).length;
}

function parse(cidr: string): Block {
  const [address = '', bits = ''] = cidr.split('/');
  const length = Number(bits);
  // Arithmetic, not bit operations: those are signed in JavaScript, and 192.0.0.0 would come out negative.
  const size = 2 ** (32 - length);
  return { first: Math.floor(toNumber(address) / size) * size, length, size };
}

function toNumber(address: string): number {
  return address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
