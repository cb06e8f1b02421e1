import type { Operation, Read, Violation, Write } from './history';

/** Something that a later read must not fall behind. */
interface Floor<Of extends Operation> {
  readonly end: number;
  readonly value: number;
  readonly of: Of;
}

/**
 * Every broken promise of a history, at most one of each kind for each key and read:
 *
 * - read your writes: a read of a session sees the session's own writes that were acknowledged before it began
 * - monotonic reads: a read of a session sees no less than a read of the session that had ended before it began. On the primary that holds for what
 *   was acknowledged: a commit is sent to the replicas before the primary shows it to others, so a replica may be ahead of it
 * - bounded staleness: a read that began at t with bound B sees every write, of anybody, that was acknowledged before t − B
 * - no value from nowhere: nothing is seen that nobody had begun to write. If this one breaks, the others mean nothing.
 *
 * Exact, in O(n log n), since each key has one writer and only grows. The first two are two of the session guarantees of Terry et al., 1994
 * (https://doi.org/10.1109/PDIS.1994.331722).
 */
export function violationsOf(history: readonly Operation[]): Violation[] {
  const reads = history.filter((operation) => operation.kind === 'read');
  const writes = history.filter((operation) => operation.kind === 'write');
  const byKey = groupBy(writes, ({ key }) => key);
  const keys = new Set([...byKey.keys(), ...reads.flatMap(({ seen }) => [...seen.keys()])]);
  return [...keys].flatMap((key) => violationsOfKey(key, byKey.get(key) ?? [], reads));
}

function violationsOfKey(key: string, writes: readonly Write[], reads: readonly Read[]): Violation[] {
  const valueIn = (read: Read) => read.seen.get(key) ?? 0;
  const acknowledged = writes.filter((write) => write.acknowledged);
  const written = floors(acknowledged, ({ value }) => value);
  const own = mapValues(
    groupBy(acknowledged, ({ session }) => session),
    (group) => floors(group, ({ value }) => value),
  );
  const earlier = mapValues(
    groupBy(
      reads.filter(({ session }) => session !== undefined),
      ({ session }) => session as string,
    ),
    (group) => floors(group, valueIn),
  );
  const begun = floors(
    writes.map((write) => ({ ...write, end: write.begin })),
    ({ value }) => value,
  );

  const found: Violation[] = [];
  const demand = (promise: Violation['promise'], read: Read, floor: Floor<Operation> | undefined) => {
    const seen = valueIn(read);
    if (floor && seen < floor.value) found.push({ promise, key, before: floor.of, read, expected: floor.value, seen });
  };
  for (const read of reads) {
    const { session, boundMs } = read;
    if (session !== undefined) {
      demand('read your writes', read, floorAt(own.get(session) ?? [], read.begin));
      const shown = floorAt(earlier.get(session) ?? [], read.begin);
      demand('monotonic reads', read, read.onPrimary ? lower(shown, floorAt(written, read.begin)) : shown);
    }
    if (boundMs !== undefined) demand('bounded staleness', read, floorAt(written, read.begin - boundMs));
    const most = floorAt(begun, read.end)?.value ?? 0;
    const seen = valueIn(read);
    if (seen > most) found.push({ promise: 'no value from nowhere', key, read, expected: most, seen });
  }
  return found;
}

/** By their end, each with the highest value that was reached by then. */
function floors<Of extends Operation>(operations: readonly Of[], reached: (operation: Of) => number): Floor<Of>[] {
  const sorted = [...operations].sort((one, other) => one.end - other.end);
  let highest: { readonly value: number; readonly of: Of } | undefined;
  return sorted.map((operation) => {
    const value = reached(operation);
    if (!highest || value > highest.value) highest = { value, of: operation };
    return { end: operation.end, ...highest };
  });
}

/** What had been reached before `moment`: of two things at one moment it is not known which came first. */
function floorAt<Of extends Operation>(sorted: readonly Floor<Of>[], moment: number): Floor<Of> | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as Floor<Of>).end < moment) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
}

function lower(one: Floor<Operation> | undefined, other: Floor<Operation> | undefined): Floor<Operation> | undefined {
  if (!one || !other) return undefined;
  return one.value <= other.value ? one : other;
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}

function mapValues<T, U>(map: ReadonlyMap<string, T>, change: (value: T) => U): Map<string, U> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
