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
    const message: Decision = { ...this.name, ...decision, ms: this.since(calledAt) };
    channels.decision.publish(message);
  }

  outcome(outcome: Untimed<Outcome>, calledAt: number | undefined): void {
    const message: Outcome = { ...this.name, ...outcome, ms: this.since(calledAt) };
    channels.outcome.publish(message);
  }

  private since(calledAt: number | undefined): number | undefined {
    return calledAt === undefined ? undefined : this.clock.now() - calledAt;
  }
}
