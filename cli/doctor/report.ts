import { EXIT, type ExitCode } from '../exit-codes';
import { GROUPS } from './checks';
import { reached } from './checks/fleet';
import type { Facts } from './facts';
import type { Item, Verdict } from './item';

export interface Report {
  readonly fleet: string;
  readonly environment: string;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly groups: readonly { readonly title: string; readonly items: readonly Item[] }[];
}

/** What must be well before anything else can be asked. */
const FIRST = 2;

/** Judges everything. Where nobody answers, that is all there is to say. */
export function reportOf(facts: Facts): Report {
  const groups = (reached(facts).length > 0 ? GROUPS : GROUPS.slice(0, FIRST))
    .map((group) => ({ title: group.title, items: group.judge(facts) }))
    .filter(({ items }) => items.length > 0);
  const counts: Record<Verdict, number> = { ok: 0, warning: 0, 'not ok': 0, unknown: 0 };
  for (const { verdict } of groups.flatMap(({ items }) => items)) counts[verdict] += 1;
  return { fleet: facts.contract.fleet, environment: facts.contract.environment, counts, groups };
}

export function exitCodeOf(report: Report, facts: Facts): ExitCode {
  if (reached(facts).length === 0) return EXIT.unknown;
  return report.counts['not ok'] > 0 ? EXIT.notWell : EXIT.well;
}
