import type { Balanced } from '../balancer';

interface Credit {
  value: number;
}

/** More names than any fleet has at once: those that have left are forgotten when so many were seen. */
const MOST_NAMES = 256;

/**
 * Smooth weighted round robin, as in nginx: each turn every candidate gains its weight, the one with the most goes and pays the sum.
 *
 * A candidate that was away comes back with the credit it left with, which is less than one round: it is not flooded.
 */
export class Turns {
  private readonly credits = new Map<string, Credit>();
  private total = 0;
  private most = 0;
  private leader: Credit | undefined;
  private chosen = 0;

  begin(): void {
    this.total = 0;
    this.leader = undefined;
  }

  /** One candidate of this turn. */
  enter({ name, weight }: Balanced, index: number): void {
    const credit = this.credits.get(name) ?? this.open(name);
    credit.value += weight;
    this.total += weight;
    if (this.leader !== undefined && credit.value <= this.most) return;
    this.most = credit.value;
    this.leader = credit;
    this.chosen = index;
  }

  /** Index of the candidate whose turn it is, as it was entered. */
  end(): number {
    if (this.leader) this.leader.value -= this.total;
    return this.chosen;
  }

  private open(name: string): Credit {
    if (this.credits.size >= MOST_NAMES) this.credits.clear();
    const credit = { value: 0 };
    this.credits.set(name, credit);
    return credit;
  }
}
