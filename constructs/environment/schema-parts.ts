import { z } from 'zod';
import { RESERVED_USERS } from './names';
import { SLUG, SLUG_MESSAGE } from './slug';

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

export const cidr = pattern(
  /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\/(?:3[0-2]|[12]?\d)$/,
  'Must be an IPv4 block, e.g. "10.20.0.0/16".',
);

/** A resource's address in Terraform. */
export const resource = pattern(
  /^[a-z0-9_]+\.[A-Za-z0-9_-]+$/,
  'Must be a resource, e.g. "aws_db_instance.replica-blue".',
);
