import type { Facts } from './facts';

export type Verdict = 'ok' | 'warning' | 'not ok' | 'unknown';

/** One line of the checklist. */
export interface Item {
  /** Stable, e.g. `slots.inactive`: docs/cli.md names each. */
  readonly id: string;
  readonly verdict: Verdict;
  /** What was found. */
  readonly found: string;
  /** What to do about it. */
  readonly fix?: string;
  /** Of whom it is, where it is of one member. */
  readonly member?: string;
}

/** Items that belong together: a pure judgement of facts. */
export interface Group {
  readonly title: string;
  judge(facts: Facts): Item[];
}

export function ok(id: string, found: string): Item {
  return { id, verdict: 'ok', found };
}

export function warning(id: string, found: string, fix: string, member?: string): Item {
  return { id, verdict: 'warning', found, fix, ...(member !== undefined && { member }) };
}

export function notOk(id: string, found: string, fix: string, member?: string): Item {
  return { id, verdict: 'not ok', found, fix, ...(member !== undefined && { member }) };
}

/** @param fix how it could be found out */
export function unknown(id: string, found: string, fix?: string, member?: string): Item {
  return { id, verdict: 'unknown', found, ...(fix !== undefined && { fix }), ...(member !== undefined && { member }) };
}

/** What is wrong, or else that it is well. */
export function unless(items: readonly Item[], well: Item): Item[] {
  return items.length > 0 ? [...items] : [well];
}
