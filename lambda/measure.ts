import { systemClock } from '../lib/clock';
import type { ContractMember, FleetContract } from '../lib/contract';
import type { Lag } from '../lib/lag/lag';
import { Monitor, type Watched } from '../lib/lag/monitor';
import { Probe } from '../lib/lag/probe';
import type { Sighting } from '../lib/lag/sighting';
import { clientConfig, credentialsOf } from '../lib/members/connection';
import { type Facts, type MemberState, stateOfReader, stateOfWriter } from '../lib/members/state';
import { type ConnectOptions, resolveOptions } from '../lib/options';

export interface MeasureOptions extends Omit<ConnectOptions, 'password'> {
  /**
   * Makes the password of each connection to a member: an IAM token is good for one host.
   * @default - the contract's password
   */
  readonly passwordOf?: (member: ContractMember) => () => Promise<string>;
}

/** What was found out about one member. */
export interface Measurement {
  readonly member: string;
  readonly state: MemberState;
  /** Of readers that answer and whose primary is known. */
  readonly lag: Lag | undefined;
}

/** A member under watch, with what it said last. */
class Watch implements Watched {
  facts: Facts = {};

  constructor(
    readonly name: string,
    private readonly probe: Probe,
  ) {}

  ask(): Promise<Sighting> {
    return this.probe.ask();
  }

  onSighting(sighting: Sighting, lag: Lag | undefined, provenAt: number | undefined): void {
    this.facts = { sighting, lag, provenAt };
  }

  onSilence(failure: string): void {
    this.facts = { ...this.facts, failure };
  }

  close(): void {
    this.probe.close();
  }
}

/**
 * Measures a fleet with the code that the router measures with: an alarm and a routing decision cannot disagree about lag.
 *
 * Kept between invocations, since seconds of lag come from what the primary wrote before.
 */
export class Measure {
  private readonly writer: Watch;
  private readonly readers: readonly Watch[];
  private readonly monitor: Monitor<Watch>;
  private readonly criticalMs: number;
  /** Whether members change places, and the writer's name is one that follows. */
  private readonly isCluster: boolean;

  constructor(contract: FleetContract, { passwordOf, ...options }: MeasureOptions = {}) {
    const settings = resolveOptions({ applicationName: 'readfleet-emitter', ...options });
    const watch = (member: ContractMember) => {
      const credentials = credentialsOf(contract, { ...settings, password: passwordOf?.(member) });
      return new Watch(
        member.name,
        new Probe(clientConfig(member, credentials, settings.lag.timeoutMs), settings.lag.timeoutMs, systemClock),
      );
    };
    this.writer = watch(contract.writer);
    this.readers = contract.readers.map(watch);
    this.monitor = new Monitor(this.writer, () => this.readers, {
      pollMs: settings.lag.pollMs,
      clock: systemClock,
      random: settings.random,
    });
    this.criticalMs = contract.lag.criticalSeconds * 1_000;
    this.isCluster = contract.topology !== 'instances';
  }

  /** One look at every member. One that hangs costs its time-out and hides no other. */
  async take(): Promise<Measurement[]> {
    await this.monitor.round();
    const timeline = this.monitor.primaryTimeline;
    const writer = stateOfWriter(this.writer.facts);
    // The name follows the writer; a connection that outlived the failover stays with the one that was.
    if (this.isCluster && writer.kind === 'demoted') this.writer.close();
    return [
      { member: this.writer.name, state: writer, lag: undefined },
      ...this.readers.map(({ name, facts }) => {
        const state = stateOfReader(facts, timeline, this.criticalMs);
        return { member: name, state, lag: 'lag' in state ? state.lag : undefined };
      }),
    ];
  }

  close(): void {
    this.monitor.stop();
    for (const watch of [this.writer, ...this.readers]) watch.close();
  }
}
