import type { FleetStatus, MemberState, MemberStatus } from '../lib';
import { bytesText } from '../monitoring/bytes-text';
import type { LoadReport } from './load';

/** One look at the fleet. */
export interface Glance {
  readonly status: FleetStatus;
  readonly report: LoadReport;
  /** Monotonic milliseconds. */
  readonly at: number;
}

/** What the view shows of a member that the library does not know: the process to kill. */
export type Pids = (member: string) => number | undefined;

const HEAD = ['member', 'role', 'state', 'lag', 'lag bytes', 'reads/s', 'share', 'errors', 'pid'] as const;
const RIGHT = new Set(['lag', 'lag bytes', 'reads/s', 'share', 'errors', 'pid']);

/**
 * The fleet as lines of text: one per member, under a head, above a line on the load.
 *
 * @param before an earlier glance: rates and shares are of the time in between
 */
export function lines(before: Glance, now: Glance, pids: Pids): string[] {
  const seconds = Math.max((now.at - before.at) / 1_000, 0.001);
  const reads = now.status.members.map((member) => since(readsOf(before, member.name) ?? 0, member.reads));
  const total = reads.reduce((sum, one) => sum + one, 0);
  const rows = now.status.members.map((member, index) =>
    row(member, reads[index] ?? 0, total, seconds, pids(member.name)),
  );
  return [...table([[...HEAD], ...rows]), summary(before.report, now.report, seconds)];
}

/** Behind by more than is remembered of the primary, nobody knows by how much. */
function lagText(seconds = Number.POSITIVE_INFINITY): string {
  return Number.isFinite(seconds) ? `${seconds.toFixed(2)} s` : '-';
}

/** What a counter has grown by: a member that changed its role counts from nothing. */
function since(before: number, now: number): number {
  return now >= before ? now - before : now;
}

function row(member: MemberStatus, reads: number, total: number, seconds: number, pid: number | undefined): string[] {
  return [
    member.name,
    member.role,
    shorten(stateText(member.state)),
    lagText(member.lag?.seconds),
    member.lag?.bytes === undefined ? '-' : bytesText(member.lag.bytes),
    (reads / seconds).toFixed(0),
    total > 0 ? `${((100 * reads) / total).toFixed(0)} %` : '-',
    String(member.errors),
    pid === undefined ? '-' : String(pid),
  ];
}

function readsOf({ status }: Glance, name: string): number | undefined {
  return status.members.find((member) => member.name === name)?.reads;
}

/** The state, with its reason where it has one. */
export function stateText(state: MemberState): string {
  if (state.kind === 'ejected') return `ejected (${state.reason})`;
  if (state.kind === 'disconnected') return `disconnected (${state.reason})`;
  return state.kind;
}

function shorten(text: string): string {
  return text.length > 48 ? `${text.slice(0, 45)}...` : text;
}

function summary(before: LoadReport, now: LoadReport, seconds: number): string {
  const rate = (kind: 'reads' | 'writes') => ((now[kind] - before[kind]) / seconds).toFixed(0);
  return (
    `${rate('reads')} reads/s, ${rate('writes')} writes/s; since the start ${now.reads} reads, ${now.failedReads} failed, ` +
    `longest ${now.longestReadMs.toFixed(0)} ms; ${now.writes} writes, ${now.failedWrites} failed` +
    (now.lastError ? `; last error: ${now.lastError}` : '')
  );
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows.map((cells) =>
    cells
      .map((cell, column) =>
        RIGHT.has(HEAD[column] ?? '') ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
