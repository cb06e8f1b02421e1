/**
 * What sessions did and saw, as far as consistency is concerned.
 *
 * Each key holds a number that only grows, and has one writer: one session that writes 1, 2, 3 … one after the other. So of every value that
 * is seen it is known exactly which writes it shows. All times are of one monotonic clock, in milliseconds, taken outside of the statement:
 * before it was given to the fleet, and after its answer was there.
 */
export interface Write {
  readonly kind: 'write';
  readonly session: string;
  readonly begin: number;
  readonly end: number;
  readonly key: string;
  readonly value: number;
  /** False when the fate of the write is unknown: it may be seen, now or later, or never. */
  readonly acknowledged: boolean;
}

export interface Read {
  readonly kind: 'read';
  /** A read of its own, in no session, has none: it promises its bound and nothing else. */
  readonly session?: string;
  readonly begin: number;
  readonly end: number;
  /** Whether the primary answered: it alone may show less than a replica did, while a write has not ended. @default false */
  readonly onPrimary?: boolean;
  /** What each key held; a key that is not there was not seen at all. */
  readonly seen: ReadonlyMap<string, number>;
  /** Oldest acceptable answer, in milliseconds. @default - none */
  readonly boundMs?: number;
}

export type Operation = Write | Read;

/** A promise that was broken, with the two operations that show it: the shortest history in which it is. */
export interface Violation {
  readonly promise: 'read your writes' | 'monotonic reads' | 'bounded staleness' | 'no value from nowhere';
  readonly key: string;
  /** What came first. Absent where a value was never written. */
  readonly before?: Operation;
  readonly read: Read;
  /** The least that the read had to see. */
  readonly expected: number;
  readonly seen: number;
}

/** For people: two operations on a line of time that begins with the first. */
export function formatViolation({ promise, key, before, read, expected, seen }: Violation): string {
  const start = before?.begin ?? read.begin;
  const lines = [before, read]
    .filter((each) => each !== undefined)
    .map((each) => `  ${formatOperation(each, key, start)}`);
  const rule = promise === 'no value from nowhere' ? `no more than ${expected}` : `at least ${expected}`;
  return `${promise}: ${key} had to be ${rule}, and was ${seen}\n${lines.join('\n')}`;
}

function formatOperation(operation: Operation, key: string, start: number): string {
  const time = `${(operation.begin - start).toFixed(2)} to ${(operation.end - start).toFixed(2)} ms`;
  const who = operation.session ?? 'no session';
  if (operation.kind === 'write') {
    return `${time}  ${who} writes ${operation.value}${operation.acknowledged ? '' : ' (fate unknown)'}`;
  }
  const bound = operation.boundMs === undefined ? '' : ` (bound ${operation.boundMs} ms)`;
  const where = operation.onPrimary ? ' on the primary' : '';
  return `${time}  ${who} reads ${operation.seen.get(key) ?? 0}${where}${bound}`;
}
