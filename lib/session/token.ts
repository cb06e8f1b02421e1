import { createHash } from 'node:crypto';
import { ReadfleetError } from '../errors';
import type { Lsn } from '../lag/lsn';

/** A place in the history of a database: what a session did lies before it. Places in the log mean something within one timeline only. */
export interface Token {
  /** Counts promotions: each begins a timeline with a higher number. */
  readonly timeline: number;
  readonly lsn: Lsn;
}

const CODE = 'READFLEET_TOKEN_INVALID';
const VERSION = 'rf1';
/** The longest token there can be has 41 characters. What is longer is refused unread: tokens come from cookies and headers. */
const LONGEST = 64;
const MOST_TIMELINE = 0xffffffff;

const RELEASE = /^rf\d{1,4}$/;
const FLEET = /^[0-9a-f]{8}$/;
const TIMELINE = /^[1-9]\d{0,9}$/;
const LSN = /^(0|[1-9a-f][0-9a-f]{0,15})$/;

/**
 * A token as a short text for a cookie, a header or an address: `rf1.<fleet>.<timeline>.<lsn>`, in letters, digits and dots alone.
 *
 * It is no secret, and it is not signed: who makes one up can send reads of his own to the primary, or have them be older.
 *
 * @param fleetKey what tells this fleet from every other; a short hash of it becomes part of the token
 */
export function formatToken({ timeline, lsn }: Token, fleetKey: string): string {
  return `${VERSION}.${markOf(fleetKey)}.${timeline}.${lsn.toString(16)}`;
}

/**
 * The one text that {@link formatToken} makes of a token, and no other, is taken.
 *
 * @throws ReadfleetError `READFLEET_TOKEN_INVALID`, saying which part of the text is wrong
 */
export function parseToken(text: string, fleetKey: string): Token {
  if (typeof text !== 'string') throw invalid(text, 'it is not a text');
  if (text.length > LONGEST) throw invalid(text, `it has ${text.length} characters, and no token more than ${LONGEST}`);
  const [version, fleet, timeline, lsn, ...more] = text.split('.');
  if (version !== VERSION) throw invalid(text, versionFault(version ?? ''));
  if (lsn === undefined || more.length > 0) {
    throw invalid(text, 'it does not have the four parts version.fleet.timeline.lsn', 'Hand it on whole, as it came.');
  }
  if (!FLEET.test(fleet ?? '')) throw invalid(text, `its fleet ${JSON.stringify(fleet)} is not 8 hexadecimal digits`);
  if (fleet !== markOf(fleetKey)) {
    const fix = 'A session can be resumed only on the fleet that it was on.';
    throw invalid(text, `it is the token of another fleet than ${fleetKey}`, fix);
  }
  if (!TIMELINE.test(timeline ?? '') || Number(timeline) > MOST_TIMELINE) {
    throw invalid(text, `its timeline ${JSON.stringify(timeline)} is not a number from 1 to ${MOST_TIMELINE}`);
  }
  if (!LSN.test(lsn)) throw invalid(text, `its LSN ${JSON.stringify(lsn)} is not 1 to 16 hexadecimal digits`);
  return { timeline: Number(timeline), lsn: BigInt(`0x${lsn}`) };
}

/** Whether `token` lies after `other`: whatever of the other's is still there was there before the promotion that began a later timeline. */
export function isAfter(token: Token, other: Token): boolean {
  return token.timeline === other.timeline ? token.lsn > other.lsn : token.timeline > other.timeline;
}

function versionFault(version: string): string {
  if (RELEASE.test(version)) return `it has version ${version}, and this release of readfleet reads ${VERSION}`;
  return `it does not begin with "${VERSION}."`;
}

function invalid(
  got: unknown,
  fault: string,
  fix = 'Resume with what session.token() gave, unchanged.',
): ReadfleetError {
  const shown = typeof got === 'string' ? JSON.stringify(got.slice(0, LONGEST)) : got === null ? 'null' : typeof got;
  const cut = typeof got === 'string' && got.length > LONGEST ? '…' : '';
  return new ReadfleetError(CODE, `not a session token: ${fault}; got: ${shown}${cut}. ${fix}`);
}

const marks = new Map<string, string>();

function markOf(fleetKey: string): string {
  const known = marks.get(fleetKey);
  if (known !== undefined) return known;
  const mark = createHash('sha256').update(fleetKey).digest('hex').slice(0, 8);
  marks.set(fleetKey, mark);
  return mark;
}
