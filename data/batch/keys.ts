import { ReadfleetError } from '../../lib/errors';

/** By what a batch finds its rows. What JavaScript would round (timestamps, numeric) comes as text. */
export type BatchKey = string | number | bigint;

type Canonical = (text: string) => string | undefined;

/** Types whose keys can be looked at here; what others take, PostgreSQL says. */
const CHECKS = new Map<string, Canonical>(
  Object.entries({
    smallint: whole(15n),
    int2: whole(15n),
    integer: whole(31n),
    int: whole(31n),
    int4: whole(31n),
    bigint: whole(63n),
    int8: whole(63n),
    uuid: (text: string) =>
      /^[\da-f]{8}(?:-?[\da-f]{4}){3}-?[\da-f]{12}$/i.test(text) ? text.toLowerCase() : undefined,
  }),
);

/**
 * A key as text: two that are equal to PostgreSQL are the same.
 *
 * Checked here, because the statement fails for all its keys when PostgreSQL refuses one: a typo in one request is not to fail the others.
 *
 * @throws ReadfleetError `READFLEET_BATCH_KEY`
 */
export function keyText(key: unknown, type: string): string {
  const kind = typeof key;
  const text = kind === 'string' || kind === 'number' || kind === 'bigint' ? String(key) : undefined;
  const check = CHECKS.get(type.toLowerCase()) ?? ((plain) => (plain.includes('\0') ? undefined : plain));
  // Past this, a number is not the one that was meant.
  const rounded = kind === 'number' && Number.isInteger(key) && !Number.isSafeInteger(key);
  const canonical = text === undefined || rounded ? undefined : check(text);
  if (canonical !== undefined) return canonical;
  const got = text === undefined ? `a value of type ${kind}` : JSON.stringify(text.slice(0, 60));
  throw new ReadfleetError('READFLEET_BATCH_KEY', `a batch was asked for ${got}, which is no key of type ${type}.`);
}

function whole(bits: bigint): Canonical {
  const limit = 1n << bits;
  return (text) => {
    if (!/^-?\d{1,19}$/.test(text)) return undefined;
    const number = BigInt(text);
    return number >= -limit && number < limit ? number.toString() : undefined;
  };
}
