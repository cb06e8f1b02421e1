import { type BarGroup, barChart } from './chart';
import type { Fault } from './faults';
import { machine, peerVersion, writeFigure } from './figures';
import type { LoadResult } from './load';
import { markdown, type Table } from './table';

/** What one candidate made of one fault: figures, or why there are none. */
export interface Outcome {
  readonly label: string;
  readonly ours?: boolean;
  readonly result?: LoadResult;
  /** It did not start, died or hung. */
  readonly refused?: string;
}

export interface Conditions {
  /** Of PostgreSQL. */
  readonly version: string;
  readonly rate: number;
  readonly lengthMs: number;
  readonly graceMs: number;
  readonly staleMs: number;
  readonly poolMax: number;
  readonly connectTimeoutMs: number;
}

export function outcomesTable(outcomes: readonly Outcome[]): Table {
  return {
    header: ['candidate', 'reads', 'failed', 'never answered', 'stale', 'divergent', 'longest wait', 'errors'],
    words: ['errors'],
    rows: outcomes.map(({ label, result, refused }) => {
      if (!result) return [label, '–', 'all', '–', '–', '–', '–', refused ?? ''];
      const { sent, failed, unanswered, stale, divergent, longestMs, errors } = result;
      // Of a read that was cut off nobody knows how long it would have taken.
      const longest = `${unanswered > 0 ? '≥ ' : ''}${longestMs.toFixed(0)} ms`;
      return [label, ...[sent, failed, unanswered, stale, divergent].map(String), longest, errorsText(errors)];
    }),
  };
}

/** Share of reads that failed, were stale or showed what the primary never had: 0 to 1; 1 for who did not start. */
export function badShare({ result }: Outcome): number {
  if (!result) return 1;
  return result.sent === 0 ? 0 : (result.failed + result.stale + result.divergent) / result.sent;
}

export function failureBars(fault: Pick<Fault, 'what'>, outcomes: readonly Outcome[]): BarGroup {
  return {
    label: fault.what,
    bars: outcomes.map((outcome) => {
      const { label, ours, result, refused } = outcome;
      const share = badShare(outcome);
      const longest = result ? `, longest ${result.unanswered > 0 ? '≥ ' : ''}${result.longestMs.toFixed(0)} ms` : '';
      return {
        label,
        value: share,
        text: refused ?? `${percent(share)}${longest}`,
        ...(ours === undefined ? {} : { ours }),
      };
    }),
  };
}

export function writeFailures(results: ReadonlyMap<Fault, readonly Outcome[]>, conditions: Conditions): void {
  const { version, rate, lengthMs, graceMs, staleMs, poolMax, connectTimeoutMs } = conditions;
  const peers = ['drizzle-orm', 'typeorm', 'sequelize', 'kysely-replication'].map(
    (name) => `${name} ${peerVersion(name)}`,
  );
  writeFigure({
    name: 'failures',
    title: 'What users see of a fault',
    command: 'npx tsx bench/failures.ts',
    sections: [
      machine(version),
      `A primary and two replicas, ${rate} reads a second that come at their own rate for ${lengthMs / 1_000} s; the fault comes after one ` +
        `second and stays. Every candidate has pools of ${poolMax} and ${connectTimeoutMs / 1_000} s to connect or to wait for a connection; ` +
        `all else as it comes. The peers: ${peers.join(', ')}. \`pg.Pool\` reads from the replica that is hit.`,
      `A read is stale when it shows less than the primary had ${staleMs / 1_000} s before it was sent, and divergent when it shows what the ` +
        `primary never had. What was not answered ${graceMs / 1_000} s after the last read is cut off, and counts as failed. The longest wait ` +
        'is from the moment a read was due to its answer or its error.',
      ...[...results].flatMap(([fault, outcomes]) => [
        `## ${fault.what}`,
        ...(fault.how === undefined ? [] : [fault.how]),
        markdown(outcomesTable(outcomes)),
      ]),
    ],
    svg: barChart({
      title: 'Reads that failed, or were stale or divergent',
      subtitle: `Share of all reads of ${lengthMs / 1_000} s, of which the fault lasts ${lengthMs / 1_000 - 1} s; shorter is better`,
      groups: [...results].map(([fault, outcomes]) => failureBars(fault, outcomes)),
      most: 1,
    }),
  });
}

function errorsText(errors: Readonly<Record<string, number>>): string {
  return Object.entries(errors)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([code, count]) => `${count} × ${code}`)
    .join(', ');
}

function percent(share: number): string {
  const text = `${(share * 100).toFixed(1)} %`;
  // What is not nothing shall not look like nothing.
  return share > 0 && share < 0.0005 ? '< 0.1 %' : text;
}
