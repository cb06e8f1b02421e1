import { AsyncLocalStorage } from 'node:async_hooks';
import type { Core } from '../../../lib/core';
import { ReadfleetError } from '../../../lib/errors';
import type { Fleet } from '../../../lib/fleet';
import type { RecordedStatement } from './statement';
import { listenTo } from './tap';

/** Recordings of some work, innermost last, in which the caller is. */
const within = new AsyncLocalStorage<readonly Recording[]>();
/** The latest of each fleet that was begun without work, for `expect(fleet)`. */
const latest = new WeakMap<Core, Recording>();

/** Names that members of a fleet have had, as far as recordings saw them. */
const seen = new WeakMap<Core, Set<string>>();

/** The members that the fleet has now first. */
function namesOf(core: Core): ReadonlySet<string> {
  const names = new Set(core.members.all().map(({ name }) => name));
  const { writer, readers } = core.contract;
  for (const { name } of [writer, ...readers]) names.add(name);
  for (const name of seen.get(core) ?? []) names.add(name);
  seen.set(core, names);
  return names;
}

/** What a fleet was asked for, and who answered: texts as they were sent, in their order. */
export class Recording implements Disposable {
  readonly statements: readonly RecordedStatement[];
  private readonly core: Core;
  private readonly end: () => void;

  /** @internal use {@link recordReads} or {@link readsOf} */
  constructor(core: Core, heeds: (recording: Recording) => boolean) {
    const statements: RecordedStatement[] = [];
    this.statements = statements;
    this.core = core;
    namesOf(core);
    this.end = listenTo(core, (entry) => {
      if (heeds(this)) statements.push(entry);
    });
  }

  /** Reads that were answered. */
  get reads(): readonly RecordedStatement[] {
    return this.statements.filter(({ kind, member }) => kind === 'read' && member !== undefined);
  }

  /** What was sent to the primary because it may write, whatever became of it. */
  get writes(): readonly RecordedStatement[] {
    return this.statements.filter(({ kind }) => kind === 'write');
  }

  /** @internal Names of members, also of those that have left: by these, by a recording, or by who answered, they are known. */
  get members(): readonly string[] {
    const answered = this.statements.flatMap(({ member }) => member ?? []);
    return [...new Set([...namesOf(this.core), ...answered])];
  }

  /** Nothing more is recorded. */
  stop(): void {
    this.end();
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}

/**
 * Records all that `fleet` is asked for from now on, whoever asks. `expect(fleet)` and the assertions look at the latest recording of a fleet, so that
 * calling it in a `beforeEach` has each test begin with none.
 */
export function recordReads(fleet: Fleet): Recording {
  const core = fleet.internals;
  latest.get(core)?.stop();
  const recording = new Recording(core, () => true);
  latest.set(core, recording);
  return recording;
}

/**
 * Records what `work` asks of `fleet`, and returns when it is done. Other work at the same time is told apart by its asynchronous context where
 * it is in a `readsOf` of its own; what is in none (a server of this process that answers a request, say) counts as this work's.
 *
 * @throws what `work` throws
 */
export async function readsOf(fleet: Fleet, work: () => Promise<unknown>): Promise<Recording> {
  const recording = new Recording(fleet.internals, (self) => within.getStore()?.includes(self) ?? true);
  try {
    await within.run([...(within.getStore() ?? []), recording], work);
    return recording;
  } finally {
    recording.stop();
  }
}

/** The recording that an assertion is about. @throws ReadfleetError `READFLEET_TESTING_NOT_RECORDED` */
export function recordingOf(subject: unknown): Recording {
  if (subject instanceof Recording) return subject;
  const recording = latest.get((subject as Fleet | undefined)?.internals as Core);
  if (recording) return recording;
  throw new ReadfleetError(
    'READFLEET_TESTING_NOT_RECORDED',
    'Nothing was recorded of this. Call recordReads(fleet) first, in a beforeEach say, and give the fleet or what recordReads() or readsOf() returned.',
  );
}
