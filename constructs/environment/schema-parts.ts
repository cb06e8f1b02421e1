import { z } from 'zod';
import { isPrivateCidr, networkCidr, prefixLength } from '../cidr';
import { RESERVED_USERS } from './names';
import { SLUG, SLUG_MESSAGE } from './slug';

/** As long as a block must be that may be reached: a 256th of the internet at most. */
const SHORTEST_PREFIX = 8;

/** Options of a refinement whose problem has a code and a fix of its own. */
export function because(code: string, message: string, fix: string) {
  return { error: message, params: { code, fix } };
}

export function pattern(regex: RegExp, message: string) {
  return z.string('Must be a text.').regex(regex, message);
}

export function whole(min: number, max: number) {
  const message = `Must be a whole number, ${min} to ${max}.`;
  return z.int(message).min(min, message).max(max, message);
}

export const slug = pattern(SLUG, SLUG_MESSAGE);
export const flag = z.boolean('Must be true or false.');

export const roleName = pattern(
  /^[a-z_][a-z0-9_]{0,62}$/,
  'Must be lower-case letters, digits and _, 63 at most, and not begin with a digit.',
).refine(
  (name) => !RESERVED_USERS.includes(name) && !/^(pg|rds)_/.test(name),
  because('READFLEET_RESERVED_NAME', 'PostgreSQL or RDS keeps this name for itself.', 'Choose another, e.g. "app".'),
);

export const region = pattern(/^[a-z]{2,3}(?:-[a-z]+)+-\d$/, 'Must be an AWS region, e.g. "eu-central-1".');
export const zone = pattern(/^[a-z]{2,3}(?:-[a-z]+)+-\d[a-h]$/, 'Must be an availability zone, e.g. "eu-central-1a".');

/** Further checks look at a block only once it is one. */
export const cidr = z
  .string('Must be a text.')
  .regex(/^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\/(?:3[0-2]|[12]?\d)$/, {
    error: 'Must be an IPv4 block, e.g. "10.20.0.0/16".',
    abort: true,
  });

/** The provider takes no block with bits beyond its length, though AWS would cut them off. */
const aligned = {
  check: (block: string) => networkCidr(block) === block,
  why: {
    error: ({ input }: { readonly input: unknown }) =>
      `Terraform refuses it: bits are set beyond its length, as in an address within ${networkCidr(String(input))}.`,
    params: { code: 'READFLEET_CIDR_HOST_BITS', fix: 'Write the block with zeros there, or /32 for one address.' },
  },
};

/** A block that may be let in. */
export const sourceCidr = cidr
  .refine(isPrivateCidr, {
    ...because(
      'READFLEET_OPEN_CIDR',
      'It is not, or not wholly, a private block: strangers could knock at the database.',
      'Name a block within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10.',
    ),
    abort: true,
  })
  .refine(aligned.check, aligned.why);

/** A block that may be reached. It may well be public, as AWS's own are. */
export const destinationCidr = cidr
  .refine((block) => prefixLength(block) >= SHORTEST_PREFIX, {
    ...because(
      'READFLEET_OPEN_CIDR',
      'So much of the internet is as good as all of it.',
      `Name the blocks that are needed, none shorter than /${SHORTEST_PREFIX}.`,
    ),
    abort: true,
  })
  .refine(aligned.check, aligned.why);

/** The block of a network that is to be made. */
export const networkBlock = cidr
  .refine((block) => isPrivateCidr(block) && prefixLength(block) >= 16 && prefixLength(block) <= 24, {
    error: 'Must be a private IPv4 block of /16 to /24, e.g. "10.20.0.0/16".',
    abort: true,
  })
  .refine(aligned.check, aligned.why);

/** A resource's address in Terraform. */
export const resource = pattern(
  /^[a-z0-9_]+\.[A-Za-z0-9_-]+$/,
  'Must be a resource, e.g. "aws_db_instance.replica-blue".',
);
