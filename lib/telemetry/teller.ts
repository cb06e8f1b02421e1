import type { Clock } from '../clock';
import { channels, type Decision, type Outcome } from './channels';

type Untimed<Message> = Omit<Message, 'fleet' | 'environment' | 'ms'>;

/** Tells the channels what a fleet decides, and how it ends. Ask whether a channel has subscribers before putting a message together. */
export class Teller {
  constructor(
    private readonly name: { readonly fleet: string; readonly environment: string },
    private readonly clock: Clock,
  ) {}

  /** The time at which a call begins, while somebody wants to hear how long it takes. */
  calledAt(): number | undefined {
    return channels.decision.hasSubscribers || channels.outcome.hasSubscribers ? this.clock.now() : undefined;
  }

  decision(decision: Untimed<Decision>, calledAt: number | undefined): void {
    const { fleet, environment } = this.name;
    const { endpoint, kind, member, target, reason, passedOver } = decision;
    // Written out, here and below: to spread an object costs microseconds, and this is told of each read.
    const ms = this.since(calledAt);
    const message: Decision = { fleet, environment, endpoint, kind, member, target, reason, passedOver, ms };
    channels.decision.publish(message);
  }

  /** Of what runs on the primary, whoever could serve. */
  onPrimary(
    kind: Decision['kind'],
    member: string,
    reason: string,
    endpoint: string | undefined,
    calledAt: number | undefined,
  ): void {
    this.decision({ endpoint, kind, member, target: 'primary', reason, passedOver: [] }, calledAt);
  }

  outcome(outcome: Untimed<Outcome>, calledAt: number | undefined): void {
    const { fleet, environment } = this.name;
    const { endpoint, kind, member, error } = outcome;
    const message: Outcome = { fleet, environment, endpoint, kind, member, error, ms: this.since(calledAt) };
    channels.outcome.publish(message);
  }

  private since(calledAt: number | undefined): number | undefined {
    return calledAt === undefined ? undefined : this.clock.now() - calledAt;
  }
}
