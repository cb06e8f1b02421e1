import type { QueryResult } from 'pg';
import type { Lease, Member, Statement } from '../members/member';
import { commitOrRollBack } from './commit';

/** Something under way that can be given up: nobody is told of its end then. */
export interface Cancellable {
  /** @returns whether there was anything to give up */
  cancel(): boolean;
}

/** Told once how it ended. */
export type ReadOnlyAnswered = (error: Error | undefined, result: QueryResult | undefined) => void;

/** Runs what the caller calls a read on the primary, in a transaction that lets it write nothing. */
export function startReadOnly(statement: Statement, member: Member, answered: ReadOnlyAnswered): Cancellable {
  return new ReadOnlyRun(statement, member, answered);
}

class ReadOnlyRun implements Cancellable {
  /** While the statement itself runs: a request to cancel that came later would meet whoever has the connection next. */
  private running: Lease | undefined;
  private cancelling: Promise<void> | undefined;
  private settled = false;

  constructor(
    private readonly statement: Statement,
    private readonly member: Member,
    private readonly answered: ReadOnlyAnswered,
  ) {
    this.run().then(
      (result) => this.end(undefined, result),
      (error) => this.end(error, undefined),
    );
  }

  cancel(): boolean {
    if (this.settled) return false;
    this.settled = true;
    const { member, running } = this;
    if (running) {
      this.cancelling = member
        .cancelOnServer(running.client as Lease['client'])
        .catch((error) => running.cutOff(error));
    }
    return true;
  }

  private async run(): Promise<QueryResult> {
    const lease = await this.member.lease('begin read only', true);
    return commitOrRollBack(lease, async () => {
      if (this.settled) throw new Error('given up before it was sent');
      const { text, values } = this.statement;
      this.running = lease;
      try {
        return await lease.client.query(text as string, values);
      } finally {
        this.running = undefined;
        await this.cancelling;
      }
    });
  }

  private end(error: Error | undefined, result: QueryResult | undefined): void {
    if (this.settled) return;
    this.settled = true;
    this.answered(error, result);
  }
}
