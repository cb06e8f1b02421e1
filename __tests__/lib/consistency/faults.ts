import fc from 'fast-check';
import type { LocalMember } from '../../../local';

/** What can befall a member, and how it ends. */
interface Fault {
  inflict(member: LocalMember): Promise<void> | void;
  /** Absent where it is over at once. */
  undo?(member: LocalMember): Promise<void>;
}

const FAULTS = {
  kill: { inflict: (member) => member.kill(), undo: (member) => member.restart() },
  freeze: { inflict: (member) => member.freeze(), undo: (member) => member.thaw() },
  'pause replay': { inflict: (member) => member.pauseReplay(), undo: (member) => member.resumeReplay() },
  'stop receiving': { inflict: (member) => member.stopReceiving(), undo: (member) => member.resumeReceiving() },
  restart: { inflict: (member) => member.restart() },
  drop: { inflict: (member) => member.network.drop(), undo: (member) => member.network.heal() },
  delay: { inflict: (member) => member.network.delay(2, { jitterMs: 8 }), undo: (member) => member.network.heal() },
  reset: { inflict: (member) => member.network.reset() },
} as const satisfies Record<string, Fault>;

type FaultName = keyof typeof FAULTS;

/** A fault at its time. Time is told in operations, so that a program means the same on every machine. */
export interface Incident {
  readonly fault: FaultName;
  /** Operations of everybody, from the end of the incident before. */
  readonly after: number;
  /** Operations of everybody for which it lasts. */
  readonly lasts: number;
}

/** @param longest operations for which it lasts at most */
export function incidents(faults: readonly FaultName[], longest: number): fc.Arbitrary<Incident> {
  const lasts = fc.integer({ min: 20, max: longest });
  return fc.record({ fault: fc.constantFrom(...faults), after: fc.nat(300), lasts }, { noNullPrototype: true });
}

/** A primary has no replay to pause and nobody to receive from. */
export const PRIMARY_FAULTS: readonly FaultName[] = ['kill', 'freeze', 'restart', 'drop', 'delay', 'reset'];
export const REPLICA_FAULTS: readonly FaultName[] = [...PRIMARY_FAULTS, 'pause replay', 'stop receiving'];

/** When a fault began or ended. */
export interface Told {
  readonly at: number;
  readonly what: string;
}

/** Counts operations, and lets those go who wait for a number of them. */
export class Pace {
  private done = 0;
  private readonly waiting = new Set<{ readonly until: number; readonly go: () => void }>();

  step(): void {
    this.done += 1;
    for (const each of this.waiting) {
      if (each.until > this.done) continue;
      this.waiting.delete(each);
      each.go();
    }
  }

  /** Resolves after so many operations from now. */
  pass(operations: number): Promise<void> {
    if (operations === 0) return Promise.resolve();
    return new Promise((go) => this.waiting.add({ until: this.done + operations, go }));
  }
}

/** Lets the incidents befall a member, one after the other. The last is over when this resolves, or rejects. */
export async function befall(
  member: LocalMember,
  script: readonly Incident[],
  pace: Pace,
  tell: (what: string) => void,
): Promise<void> {
  for (const { fault: name, after, lasts } of script) {
    const fault: Fault = FAULTS[name];
    await pace.pass(after);
    tell(`${member.name}: ${name}`);
    await fault.inflict(member);
    if (!fault.undo) continue;
    await pace.pass(lasts);
    await fault.undo(member);
    tell(`${member.name}: ${name} is over`);
  }
}
