import type { PoolConfig } from 'pg';
import type { Clock } from '../clock';
import type { ContractMember, FleetContract } from '../contract';
import { ReadfleetError } from '../errors';
import { classifyFailure } from '../execution/failure';
import { Monitor } from '../lag/monitor';
import { Probe } from '../lag/probe';
import type { Settings } from '../options';
import type { BreakerState } from '../protection/breaker';
import type { PrimaryView } from '../routing/judge';
import type { Field } from '../routing/router';
import { effectiveWeight } from '../routing/slow-start';
import type { Token } from '../session/token';
import type { LastKnown } from '../topology/election';
import { type Addresses, addressesOf, type Credentials, clientConfig, credentialsOf, poolConfig } from './connection';
import { Member, type Role } from './member';
import { type Facts, type MemberEvent, type MemberState, transition, type View } from './state';
import { Watch } from './watch';

/** What the fleet is told of its members. */
export interface MembersListener {
  state(member: Member, from: MemberState, to: MemberState): void;
  breaker(member: Member, from: BreakerState, to: BreakerState): void;
  /** Every answer and every silence: who is the primary may have to be decided anew. */
  seen(member: Member): void;
  /** Members came or went, or another is the primary. */
  changed(): void;
}

const NOBODY: MembersListener = {
  state: () => undefined,
  breaker: () => undefined,
  seen: () => undefined,
  changed: () => undefined,
};
/** How often all members are asked at the start, while nobody answers in time. */
const START_ROUNDS = 5;
/** No number of failures opens the primary's breaker by itself: nobody else could take what it refuses. */
const NEVER = { failures: Number.POSITIVE_INFINITY, failureRate: 2 };

/** All members of a fleet, and the watch over them: keeps each member's facts true. */
export class Members implements Field<Member> {
  writer: Member;
  /** Those that may be read; replaced by another array on each change. */
  readers: readonly Member[];
  /** Primaries of before a failover: watched, neither read nor written. */
  fenced: readonly Member[] = [];
  primary: PrimaryView = { reachable: false, timeline: undefined, lsn: undefined };
  listener: MembersListener = NOBODY;

  private readonly watches = new Map<Member, Watch>();
  private readonly monitor: Monitor<Watch>;
  private readonly clock: Clock;
  private readonly credentials: Credentials;
  private readonly addresses: Addresses;

  constructor(
    private readonly contract: FleetContract,
    private readonly settings: Settings,
  ) {
    this.clock = settings.clock;
    this.addresses = addressesOf(contract, settings.via);
    this.credentials = credentialsOf(contract, settings, this.addresses.user);
    this.writer = this.make(this.addresses.writer, 'primary');
    this.readers = this.addresses.readers.map((address) => this.make(address, 'replica'));
    this.monitor = new Monitor(this.watchOf(this.writer), () => this.others(), {
      pollMs: settings.lag.pollMs,
      clock: settings.clock,
      random: settings.random,
    });
  }

  /**
   * Begins the watch; resolves when every member has answered or failed once. While nobody answers in time, all are asked a few times: a machine that
   * is busy starting up is no outage.
   *
   * @throws ReadfleetError `READFLEET_NO_MEMBER` when not one member answers: each with its reason
   */
  async start(): Promise<void> {
    const all = this.all();
    const { timeoutMs } = this.settings.lag;
    let began = this.clock.now();
    await this.monitor.start();
    for (let rounds = 1; rounds < START_ROUNDS; rounds += 1) {
      // Whoever refuses does so at once, and will again.
      const tookMs = this.clock.now() - began;
      if (tookMs < timeoutMs || all.some((member) => member.facts.sighting)) break;
      began = this.clock.now();
      await this.monitor.round();
    }
    // Slow start is for whoever joins a fleet that is at work already.
    for (const member of all) if (member.servingSince !== undefined) this.warm(member);
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

  /** The primary first, then the readers in the contract's order, then what is fenced. */
  all(): readonly Member[] {
    return [this.writer, ...this.readers, ...this.fenced];
  }

  /** What the primary was, when it last was one. */
  get lastPrimary(): LastKnown {
    const { primary, history, primaryTimeline } = this.monitor;
    return { timeline: primaryTimeline, lsn: history.newest, at: primary?.at };
  }

  /** A fresh position of the primary, for a token. @throws what keeps it from answering */
  async position(): Promise<Token> {
    const sighting = await this.watchOf(this.writer).fresh();
    if (sighting.recovering || sighting.lsn === undefined || sighting.timeline === undefined) {
      throw new ReadfleetError(
        'READFLEET_NO_WRITER',
        `${this.writer.name} tells no position of its log: it is in recovery, or a proxy. A token cannot be made.`,
      );
    }
    return { timeline: sighting.timeline, lsn: sighting.lsn };
  }

  /** A round of questions to everybody, now. */
  round(): Promise<void> {
    return this.monitor.round();
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
    const watch = this.watches.get(member);
    if (member.facts.failure !== undefined || member.state.kind === 'gone' || !watch) return;
    member.incarnation += 1;
    this.update(member, { ...member.facts, failure: error.message });
    void this.monitor.check(watch);
  }

  /** Takes a reader in. Resolves when it has answered, or failed, once. */
  async add(address: ContractMember): Promise<Member> {
    const member = this.make(address, 'replica');
    this.readers = [...this.readers, member];
    this.listener.changed();
    await this.monitor.check(this.watchOf(member));
    return member;
  }

  drain(member: Member): void {
    this.apply(member, { kind: 'drain' });
  }

  undrain(member: Member): void {
    this.apply(member, { kind: 'undrain', facts: member.facts, view: this.viewOf(member) });
  }

  /** Nothing new for `member`; what is under way may end within the time. */
  async remove(member: Member, timeoutMs: number): Promise<void> {
    this.apply(member, { kind: 'remove' });
    this.readers = this.readers.filter((reader) => reader !== member);
    this.fenced = this.fenced.filter((former) => former !== member);
    this.listener.changed();
    await this.dismiss(member, timeoutMs);
  }

  /** Weight and zone, as a contract that was loaded again has them. */
  readdress(member: Member, address: ContractMember): void {
    member.address = address;
    this.weigh(member);
  }

  /**
   * `reader` is the primary from now on; the one before is fenced.
   *
   * A member has one role for life, since its pool has: the same server goes on as another member.
   */
  adopt(reader: Member, reason: string): void {
    const former = this.writer;
    this.writer = this.make(reader.address, 'primary');
    this.writer.facts = reader.facts;
    this.readers = this.readers.filter((other) => other !== reader);
    this.fenced = [...this.fenced, former];
    this.monitor.follow(this.watchOf(this.writer), reader.facts.sighting);
    this.apply(former, { kind: 'fence', reason });
    former.fence(
      new ReadfleetError(
        'READFLEET_NO_WRITER',
        `${former.name} is not the primary any more: ${reason}. Nothing was sent: try again, at ${reader.name}.`,
      ),
    );
    this.replaced(reader);
  }

  /** A fenced primary came back as a standby of the present one: a reader from now on. */
  readmit(former: Member): void {
    const reader = this.make(former.address, 'replica');
    this.readers = [...this.readers, reader];
    // remove() tells of both.
    void this.remove(former, this.settings.closeTimeoutMs);
    void this.monitor.check(this.watchOf(reader));
  }

  /** The writer of another address, as a contract that was loaded again has it. */
  replaceWriter(address: ContractMember): void {
    const former = this.writer;
    this.writer = this.make(address, 'primary');
    this.monitor.follow(this.watchOf(this.writer));
    this.replaced(former);
  }

  /** There is a new writer, and `member` has no part in the fleet any more. */
  private replaced(member: Member): void {
    this.apply(member, { kind: 'remove' });
    void this.dismiss(member, this.settings.closeTimeoutMs);
    this.look();
    this.listener.changed();
    void this.monitor.check(this.watchOf(this.writer)).then(() => this.monitor.round());
  }

  async close(timeoutMs: number): Promise<void> {
    this.monitor.stop();
    for (const watch of this.watches.values()) watch.close();
    // Of a replica that does not answer nothing is under way any more, and no goodbye is to be waited for.
    const patience = (member: Member) => (member !== this.writer && member.facts.failure !== undefined ? 0 : timeoutMs);
    await Promise.all([...this.watches.keys()].map((member) => member.close(patience(member))));
  }

  private async dismiss(member: Member, timeoutMs: number): Promise<void> {
    const watch = this.watches.get(member);
    if (!watch) return;
    watch.close();
    // Kept among the watches until then: close() has to wait for it too.
    await member.close(member.facts.failure === undefined ? timeoutMs : 0);
    this.watches.delete(member);
  }

  private make(address: ContractMember, role: Role): Member {
    const { settings } = this;
    const config = clientConfig(address, this.credentials, settings.pools.connectTimeoutMs);
    const pool: PoolConfig = poolConfig(config, role, settings.pools, settings.random, settings.via, settings.pooler);
    const member = new Member(address, role, {
      config: pool,
      waitMs: role === 'replica' ? settings.pools.connectTimeoutMs : undefined,
      breaker: role === 'primary' ? { ...settings.breaker, ...NEVER } : settings.breaker,
      clock: this.clock,
      fleet: { fleet: this.contract.fleet, environment: this.contract.environment },
      onLost: (lost, error) => this.lost(lost, error),
      onBreaker: (tripped, from, to) => this.breakerChanged(tripped, from, to),
    });
    const probe = () =>
      new Probe(
        { ...config, connectionTimeoutMillis: settings.lag.timeoutMs },
        settings.lag.timeoutMs,
        this.clock,
        (error) => this.lost(member, error),
        this.addresses.source,
      );
    this.watches.set(member, new Watch(member, probe, this.clock, (seen, facts) => this.update(seen, facts)));
    return member;
  }

  private update(member: Member, facts: Facts): void {
    member.facts = facts;
    if (member === this.writer) this.look();
    this.apply(member, { kind: 'facts', facts, view: this.viewOf(member) });
    this.weigh(member);
    this.listener.seen(member);
  }

  private apply(member: Member, event: MemberEvent): void {
    const from = member.state;
    const to = transition(from, event);
    member.state = to;
    if (from.kind === to.kind) return;
    const serves = to.kind === 'serving' || to.kind === 'lagging';
    if (!serves) member.servingSince = undefined;
    else member.servingSince ??= this.clock.now();
    this.weigh(member);
    this.listener.state(member, from, to);
  }

  private breakerChanged(member: Member, from: BreakerState, to: BreakerState): void {
    const view = this.viewOf(member);
    if (to.kind === 'open') this.apply(member, { kind: 'tripped', reason: view.tripped ?? 'its breaker is open' });
    else this.apply(member, { kind: 'admitted', facts: member.facts, view });
    this.listener.breaker(member, from, to);
  }

  private viewOf(member: Member): View {
    const { forced } = member.breaker;
    const open = member.breaker.state(this.clock.now()).kind === 'open';
    return {
      role: member.role,
      primaryTimeline: this.monitor.primaryTimeline,
      boundMs: this.settings.maxStalenessMs,
      tripped: open ? (forced === 'open' ? 'its breaker was opened by hand' : 'its breaker is open') : undefined,
    };
  }

  /** What routing must know of the primary: made when something changes, not for each read. */
  private look(): void {
    const { facts } = this.writer;
    this.primary = {
      reachable: facts.failure === undefined && facts.sighting !== undefined && !facts.sighting.recovering,
      timeline: this.monitor.primaryTimeline,
      lsn: this.monitor.history.newest,
    };
  }

  private weigh(member: Member): void {
    const { slowStartMs } = this.settings;
    member.weight = effectiveWeight(member.address.weight ?? 1, member.servingSince, this.clock.now(), slowStartMs);
  }

  private warm(member: Member): void {
    member.servingSince = Number.NEGATIVE_INFINITY;
    this.weigh(member);
  }

  private others(): readonly Watch[] {
    return [...this.readers, ...this.fenced].map((member) => this.watchOf(member));
  }

  private watchOf(member: Member): Watch {
    return this.watches.get(member) as Watch;
  }
}
