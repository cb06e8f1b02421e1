/** A part of RDS identifiers, which refuse two hyphens in a row and one at the end. */
export const SLUG = /^[a-z](?:-?[a-z0-9])*$/;

export const SLUG_MESSAGE =
  'Must be lower-case letters, digits and single hyphens, begin with a letter and not end with a hyphen.';
