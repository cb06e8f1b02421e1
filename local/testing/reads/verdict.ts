import { messageOf } from '../../../lib/errors';
import type { Recording } from './recording';
import type { RecordedStatement } from './statement';
import { placeOf, type Where } from './where';

export interface Verdict {
  readonly pass: boolean;
  /** What is wrong: where `pass` is false, with the expectation; where it is true, with its opposite. */
  readonly message: string;
}

const LONGEST_TEXT = 80;

/** Whether at least one read was answered there. @throws ReadfleetError `READFLEET_LOCAL_NO_MEMBER` */
export function readFrom(recording: Recording, where: Where): Verdict {
  const { reads } = recording;
  const place = placeOf(where, recording.members);
  const there = reads.filter((read) => place.has(read));
  if (there.length > 0) return { pass: true, message: `expected no read from ${place.told}, but ${list(there)}` };
  return { pass: false, message: `expected a read from ${place.told}, but ${instead(recording, reads)}` };
}

/** Whether there was a read, and all were answered there. @throws ReadfleetError `READFLEET_LOCAL_NO_MEMBER` */
export function readOnlyFrom(recording: Recording, where: Where): Verdict {
  const { reads } = recording;
  const place = placeOf(where, recording.members);
  const elsewhere = reads.filter((read) => !place.has(read));
  if (reads.length > 0 && elsewhere.length === 0) {
    return { pass: true, message: `expected a read from elsewhere than ${place.told}, or none, but ${list(reads)}` };
  }
  return { pass: false, message: `expected reads from ${place.told} only, but ${instead(recording, elsewhere)}` };
}

/** Whether anything was sent to the primary that may write. */
export function written({ writes }: Recording): Verdict {
  if (writes.length > 0) return { pass: true, message: `expected no write, but ${list(writes)}` };
  return { pass: false, message: 'expected a write, but there was none' };
}

/** What there was instead, with what might be taken for a read and is none. */
function instead({ writes, statements }: Recording, reads: readonly RecordedStatement[]): string {
  const failed = statements.filter(({ kind, member }) => kind === 'read' && member === undefined);
  const all = [...reads, ...failed, ...writes];
  return all.length === 0 ? 'nothing was read' : list(all);
}

function list(statements: readonly RecordedStatement[]): string {
  const lines = statements.map(told);
  return lines.length === 1 ? (lines[0] as string) : `\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

function told({ text, kind, member, role, reason, error }: RecordedStatement): string {
  const statement = `"${short(text)}"`;
  if (error !== undefined) return `${statement} failed: ${messageOf(error)}`;
  if (kind === 'write')
    return `${statement} went to the primary, since readfleet does not take it for a read: ${reason}`;
  if (member === undefined) return `${statement} was not answered yet`;
  return role === 'replica' ? `${statement} ran on ${member}` : `${statement} ran on the primary: ${reason}`;
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LONGEST_TEXT ? line : `${line.slice(0, LONGEST_TEXT - 1)}…`;
}
