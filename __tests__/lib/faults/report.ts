import { messageOf } from '../../../lib/errors';
import { classifyFailure } from '../../../lib/execution/failure';
import { violationsOf } from '../consistency/checker';
import { formatViolation, type Operation } from '../consistency/history';

/** What a load met. */
export interface Met {
  /** Reads that were answered. */
  readonly done: number;
  readonly seconds: number;
  /** Of reads outside of sessions: code and message of each. */
  readonly failures: readonly string[];
  readonly sessionFailures: readonly string[];
  readonly writeFailures: readonly Error[];
  /** From when a read was due to its answer, the longest. */
  readonly longestStallMs: number;
  /** Reads within the bulkhead at once, looked at with each read. */
  readonly mostInBulkhead: number;
  /** Reads that the primary answered. */
  readonly onPrimary: number;
  readonly history: readonly Operation[];
}

/** What has to hold whatever befalls a fleet. */
export interface Soundness {
  readonly failedReads: readonly string[];
  /** Of staleness, of read your writes, of reads that go backward, of values that nobody wrote on the primary. */
  readonly brokenPromises: readonly string[];
  readonly failedWrites: readonly string[];
}

export const SOUND: Soundness = { failedReads: [], brokenPromises: [], failedWrites: [] };

/** As many as a person reads. */
const SHOWN = 5;

/** Short enough to be shown by an assertion. */
export function soundnessOf({ failures, sessionFailures, writeFailures, history }: Met): Soundness {
  const violations = violationsOf(history);
  return {
    failedReads: some([...failures, ...sessionFailures], (text) => text),
    brokenPromises: some(violations, formatViolation),
    failedWrites: some(writeFailures, told),
  };
}

/** Nothing else may a write meet for the primary's loss: refused before it was sent, or a connection that could not be had or broke. */
export function isForPrimaryLost(error: Error): boolean {
  return codeOf(error) === 'READFLEET_NO_WRITER' || classifyFailure(error, false) === 'lost';
}

/** Code and message. */
export function told(error: unknown): string {
  return `${codeOf(error) ?? 'no code'}: ${messageOf(error)}`;
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}

/** One line, for people. */
export function lineOf(fault: string, met: Met): string {
  const { done, seconds, failures, sessionFailures, writeFailures, longestStallMs, onPrimary } = met;
  const refused = sessionFailures.length === 0 ? '' : ` and ${sessionFailures.length} of sessions`;
  return (
    `${fault}: ${done} reads, ${Math.round(done / seconds)} reads/s, ${failures.length}${refused} failed, ` +
    `longest stall ${Math.round(longestStallMs)} ms, ${onPrimary} on the primary, ${writeFailures.length} writes failed`
  );
}

function some<T>(all: readonly T[], say: (one: T) => string): string[] {
  const shown = all.slice(0, SHOWN).map(say);
  return all.length > SHOWN ? [...shown, `and ${all.length - SHOWN} more`] : shown;
}
