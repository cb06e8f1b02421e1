import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { ReadfleetError } from '../../lib/errors';
import { cursorError } from './errors';
import type { KeyValue } from './ranges';

/**
 * A cursor is base64url of: 1 byte version, 8 bytes fingerprint of the ordering, the values as JSON, and 16 bytes of HMAC-SHA256 over all before.
 * 128 bits of a MAC are what RFC 2104 section 5 holds for enough.
 */
const SIGNED = 1;
const UNSIGNED = 2;
const FINGERPRINT_BYTES = 8;
const MAC_BYTES = 16;
const HEAD_BYTES = 1 + FINGERPRINT_BYTES;

/** Most characters of a cursor: what goes into a URL with room to spare. */
export const LONGEST_CURSOR = 4_096;

export interface CursorOptions {
  /** Whatever tells this ordering from every other. */
  readonly identity: string;
  /** For each value whether it may be NULL. */
  readonly nullable: readonly boolean[];
  /** The first signs, each verifies; none: cursors are not signed. */
  readonly secrets: readonly (string | Uint8Array)[];
}

/** Writes and reads the text that stands for the place of a row. */
export class Cursors {
  private readonly head: Buffer;

  constructor(private readonly options: CursorOptions) {
    const fingerprint = createHash('sha256').update(options.identity).digest().subarray(0, FINGERPRINT_BYTES);
    this.head = Buffer.concat([Buffer.of(options.secrets.length > 0 ? SIGNED : UNSIGNED), fingerprint]);
  }

  /** @throws ReadfleetError `READFLEET_CURSOR_TOO_LONG` */
  encode(values: readonly KeyValue[]): string {
    const body = Buffer.concat([this.head, Buffer.from(JSON.stringify(values))]);
    const [secret] = this.options.secrets;
    const cursor = Buffer.concat([body, secret === undefined ? Buffer.alloc(0) : mac(secret, body)]).toString(
      'base64url',
    );
    if (cursor.length <= LONGEST_CURSOR) return cursor;
    throw new ReadfleetError(
      'READFLEET_CURSOR_TOO_LONG',
      `a cursor would have ${cursor.length} characters, more than the ${LONGEST_CURSOR} that fit into a URL: the values of its key columns have ` +
        `${values.map((value) => value?.length ?? 0).join(', ')}. Order by something shorter, e.g. \`expression: 'left(title, 100)'\`.`,
    );
  }

  /** @throws PageRequestError `READFLEET_CURSOR_INVALID`, and nothing else, whatever is given */
  decode(cursor: unknown): readonly KeyValue[] {
    if (typeof cursor !== 'string') throw cursorError('text', 'it is not one text');
    if (cursor.length > LONGEST_CURSOR) throw cursorError('length', `it is longer than ${LONGEST_CURSOR} characters`);
    const bytes = Buffer.from(cursor, 'base64url');
    // Node reads over what is no base64url: only what it would write itself is one.
    if (bytes.length === 0 || bytes.toString('base64url') !== cursor) throw cursorError('text', 'it is not base64url');
    if (bytes[0] !== this.head[0]) throw cursorError('version', 'it is of a version that is not in use here');
    return this.valuesOf(this.verified(bytes));
  }

  private verified(bytes: Buffer): Buffer {
    const { secrets } = this.options;
    if (secrets.length === 0) return bytes;
    const body = bytes.subarray(0, -MAC_BYTES);
    const signature = bytes.subarray(body.length);
    // Every secret is tried, so that the time tells nothing.
    const fits = secrets.map(
      (secret) => signature.length === MAC_BYTES && timingSafeEqual(mac(secret, body), signature),
    );
    if (!fits.includes(true))
      throw cursorError('signature', 'its signature does not fit: it was changed, or signed with another secret');
    return body;
  }

  private valuesOf(body: Buffer): readonly KeyValue[] {
    if (!body.subarray(0, HEAD_BYTES).equals(this.head))
      throw cursorError('ordering', 'it belongs to another list or another order');
    const values = parsed(body.subarray(HEAD_BYTES).toString());
    const { nullable } = this.options;
    const fits = Array.isArray(values) && values.length === nullable.length;
    if (fits && values.every((value, place) => isKeyValue(value, nullable[place] === true))) return values;
    throw cursorError('values', 'it does not hold what it should');
  }
}

function mac(secret: string | Uint8Array, body: Buffer): Buffer {
  return createHmac('sha256', secret).update(body).digest().subarray(0, MAC_BYTES);
}

function isKeyValue(value: unknown, nullable: boolean): value is KeyValue {
  // PostgreSQL has no text with a NUL in it.
  return value === null ? nullable : typeof value === 'string' && !value.includes('\0');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Refused by whoever asked, with the other things that it cannot be.
    return undefined;
  }
}
