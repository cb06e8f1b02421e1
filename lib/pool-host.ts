import type { Pool, PoolClient, QueryConfig, QueryResult } from 'pg';
import type { Core } from './core';
import type { ReaderLease } from './execution/lease-reader';
import type { FacadeHost } from './facade';
import type { Intent } from './intent';
import type { Member } from './members/member';
import type { ReadOptions } from './options';
import { channels } from './telemetry/channels';

/** A client that the app keeps. */
interface Held {
  readonly member: Member;
  /** The member's when the client was taken. */
  readonly incarnation: number;
  /** Whether its transaction may have changed the catalogue. */
  defines: boolean;
}

/** The fleet as its pools see it, and its memory of the clients that apps keep. */
export class PoolHost implements FacadeHost {
  private readonly held = new WeakMap<PoolClient, Held>();

  constructor(private readonly core: Core) {}

  query(text: string | QueryConfig, values?: unknown[], read?: ReadOptions): Promise<QueryResult> {
    return this.core.query(text, values, read);
  }

  read(text: string | QueryConfig, values?: unknown[], read?: ReadOptions): Promise<QueryResult> {
    return this.core.read(text, values, read);
  }

  write(text: string | QueryConfig, values?: unknown[]): Promise<QueryResult> {
    return this.core.write(text, values);
  }

  intentOf(text: string): Intent {
    return this.core.classifier.classify(text);
  }

  get off(): boolean {
    return this.core.flags.allOff;
  }

  get writerPool(): Pool {
    return this.core.members.writer.pool;
  }

  get readerPools(): readonly Pool[] {
    return this.core.members.readers.map(({ pool }) => pool);
  }

  async checkOutWriter(): Promise<PoolClient> {
    const { core } = this;
    await core.whenOpen();
    const leased = await core.leaseWriter(undefined);
    if (channels.decision.hasSubscribers)
      core.teller.onPrimary('write', leased.member.name, 'client', undefined, undefined);
    return this.hold(leased);
  }

  async checkOutReader(read?: ReadOptions): Promise<PoolClient> {
    const { core } = this;
    await core.whenOpen();
    const policy = core.policies.resolve(read, core.sessions.current());
    return this.hold(await core.executor.leaseReader(policy, undefined));
  }

  statementEnded(intent: Intent | undefined, client: PoolClient): void {
    const held = this.held.get(client);
    if (!held) return;
    count(intent, held.member);
    this.tellSession(intent, held);
    const ends = intent?.session === 'end' && held.defines;
    if (intent?.ddl) held.defines = true;
    else if (ends) held.defines = false;
    // What a transaction defines is there for others once it has ended.
    if (intent?.ddl || ends) this.core.keeper.changed();
  }

  /** Cancels the statement that runs on a client which an app keeps, on whichever server that is. */
  async cancel(client: PoolClient): Promise<void> {
    await this.held.get(client)?.member.cancelOnServer(client);
  }

  close(): Promise<void> {
    return this.core.close();
  }

  private tellSession(intent: Intent | undefined, { member, incarnation }: Held): void {
    const session = this.core.sessions.current();
    if (!session) return;
    const now = this.core.clock.now();
    if (member.role === 'replica') session.readFrom(member, now, incarnation);
    else if (intent?.target === 'replica') session.readFromPrimary(now);
    else session.wrote(now);
  }

  private hold({ member, lease }: ReaderLease): PoolClient {
    const client = lease.asClient();
    this.held.set(client, { member, incarnation: member.incarnation, defines: false });
    return client;
  }
}

/** What opens and ends transactions is neither read nor write. */
function count(intent: Intent | undefined, { role, counters }: Member): void {
  const effect = intent?.session;
  if (effect === 'begin' || effect === 'begin read only' || effect === 'end') return;
  counters[role === 'replica' || intent?.target === 'replica' ? 'reads' : 'writes'] += 1;
}
