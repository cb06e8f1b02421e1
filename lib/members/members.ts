import type { ClientConfig } from 'pg';
import type { Clock } from '../clock';
import type { FleetContract } from '../contract';
import { ReadfleetError } from '../errors';
import { classifyFailure } from '../execution/failure';
import { Monitor, type Watched } from '../lag/monitor';
import { Probe } from '../lag/probe';
import type { Settings } from '../options';
import type { PrimaryView } from '../routing/candidates';
import type { MemberStatus } from '../status';
import { clientConfig, credentialsOf, poolConfig } from './connection';
import { Member } from './member';
import { type MemberState, stateOfReader, stateOfWriter } from './state';

/** A member under watch. */
interface Watch extends Watched {
  readonly member: Member;
  readonly probe: Probe;
}

/** All members of a fleet, and the watch over them: keeps each member's facts true. */
export class Members {
  readonly writer: Member;
  readonly readers: readonly Member[];
  /** Told when a member's state changes its kind. */
  onChange: (member: Member, from: MemberState, to: MemberState) => void = () => undefined;

  private readonly watches = new Map<Member, Watch>();
  private readonly monitor: Monitor<Watch>;
  private readonly clock: Clock;

  constructor(
    private readonly contract: FleetContract,
    private readonly settings: Settings,
  ) {
    this.clock = settings.clock;
    const credentials = credentialsOf(contract, settings);
    const build = (role: 'primary' | 'replica') => (address: FleetContract['writer']) => {
      const config = clientConfig(address, credentials, settings.pools.connectTimeoutMs);
      const member = new Member(
        address,
        role,
        poolConfig(config, role, settings.pools, settings.random),
        (lost, error) => this.lost(lost, error),
      );
      this.watches.set(member, this.watch(member, config));
      return member;
    };
    this.writer = build('primary')(contract.writer);
    this.readers = contract.readers.map(build('replica'));
    const readerWatches = this.readers.map((reader) => this.watchOf(reader));
    this.monitor = new Monitor(this.watchOf(this.writer), () => readerWatches, {
      pollMs: settings.lag.pollMs,
      clock: settings.clock,
      random: settings.random,
    });
  }

  /**
   * Begins the watch; resolves when every member has answered or failed once.
   *
   * @throws ReadfleetError `READFLEET_NO_MEMBER` when not one member answers: each with its reason
   */
  async start(): Promise<void> {
    await this.monitor.start();
    const all = [this.writer, ...this.readers];
    if (all.some((member) => member.facts.sighting)) return;
    const told = all.map(({ name, address, facts }) => `${name} (${address.host}:${address.port}): ${facts.failure}`);
    throw new ReadfleetError(
      'READFLEET_NO_MEMBER',
      `fleet ${this.contract.fleet}/${this.contract.environment}: no member can be reached. ${told.join('; ')}`,
      {
        trace: {
          attempts: all.map(({ name, facts }) => ({ member: name, error: facts.failure ?? 'no answer' })),
          passedOver: [],
        },
      },
    );
  }

  /** What routing must know of the primary. */
  primaryView(): PrimaryView {
    return {
      reachable: this.writer.facts.failure === undefined && this.writer.facts.sighting !== undefined,
      timeline: this.monitor.primaryTimeline,
      lsn: this.monitor.history.newest,
    };
  }

  /** A statement failed: looks at the member when the error is not the statement's own. */
  failed(member: Member, error: Error): void {
    if (classifyFailure(error, member.role === 'replica') === 'lost') {
      member.counters.errors += 1;
      this.lost(member, error);
    }
  }

  /** A connection to `member` broke: it takes no reads until it has answered again, which is asked of it at once. */
  lost(member: Member, error: Error): void {
    if (member.facts.failure !== undefined) return;
    this.update(member, { ...member.facts, failure: error.message });
    void this.monitor.check(this.watchOf(member));
  }

  stateOf(member: Member): MemberState {
    if (member === this.writer) return stateOfWriter(member.facts);
    return stateOfReader(member.facts, this.monitor.primaryTimeline, this.settings.maxStalenessMs);
  }

  status(): MemberStatus[] {
    return [this.writer, ...this.readers].map((member) => this.statusOf(member));
  }

  private statusOf(member: Member): MemberStatus {
    const state = this.stateOf(member);
    return {
      name: member.name,
      role: member.role,
      host: member.address.host,
      port: member.address.port,
      zone: member.address.zone,
      state,
      // Of a member that does not answer, its last lag says nothing.
      lag: member !== this.writer && 'lag' in state ? state.lag : undefined,
      ...member.counters,
      pool: {
        total: member.pool.totalCount,
        idle: member.pool.idleCount,
        waiting: member.pool.waitingCount,
        max: member.pool.options.max,
      },
    };
  }

  async close(timeoutMs: number): Promise<void> {
    this.monitor.stop();
    for (const { probe } of this.watches.values()) probe.close();
    // Of a replica that does not answer nothing is under way any more, and no goodbye is to be waited for.
    const patience = (member: Member) => (member !== this.writer && member.facts.failure !== undefined ? 0 : timeoutMs);
    await Promise.all([...this.watches.keys()].map((member) => member.close(patience(member), this.clock)));
  }

  private watch(member: Member, config: ClientConfig): Watch {
    const probe = new Probe(
      { ...config, connectionTimeoutMillis: this.settings.lag.timeoutMs },
      this.settings.lag.timeoutMs,
      this.clock,
      (error) => this.lost(member, error),
    );
    return {
      name: member.name,
      member,
      probe,
      ask: () => probe.ask(),
      onSighting: (sighting, lag, provenAt) => this.update(member, { sighting, lag, provenAt }),
      onSilence: (failure) => {
        this.update(member, { ...member.facts, failure });
        member.abandon(failure);
      },
    };
  }

  private update(member: Member, facts: Member['facts']): void {
    const from = this.stateOf(member);
    member.facts = facts;
    const to = this.stateOf(member);
    if (from.kind !== to.kind) this.onChange(member, from, to);
  }

  private watchOf(member: Member): Watch {
    return this.watches.get(member) as Watch;
  }
}
