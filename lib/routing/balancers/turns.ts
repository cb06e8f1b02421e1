import type { Balanced } from '../balancer';

interface Credit {
  readonly name: string;
  value: number;
}

/** More names than any fleet has at once: those that have left are forgotten when so many were seen. */
const MOST_NAMES = 256;

/**
 * Smooth weighted round robin, as in nginx: each turn every candidate gains its weight, the one with the most goes and pays the sum.
 *
 * A candidate that was away comes back with the credit it left with, which is about one round: it is not flooded. Nobody can be starved by others who
 * come and go, as by a counter that is taken modulo their number.
 */
export class Turns {
  private readonly credits = new Map<string, Credit>();
  /** By position: candidates mostly come in the same order, and a string that is the very same is compared faster than it is looked up. */
  private readonly usual: Credit[] = [];
  private total = 0;
  private leader: Credit | undefined;
  private chosen = 0;

  begin(): void {
    this.total = 0;
    this.leader = undefined;
  }

  /** One candidate of this turn. */
  enter({ name, weight }: Balanced, index: number): void {
    let credit = this.usual[index];
    if (credit?.name !== name) credit = this.find(name, index);
    credit.value += weight;
    this.total += weight;
    if (this.leader !== undefined && credit.value <= this.leader.value) return;
    this.leader = credit;
    this.chosen = index;
  }

  /** Index of the candidate whose turn it is, as it was entered. */
  end(): number {
    if (this.leader) this.leader.value -= this.total;
    return this.chosen;
  }

  private find(name: string, index: number): Credit {
    let credit = this.credits.get(name);
    if (!credit) {
      if (this.credits.size >= MOST_NAMES) {
        this.credits.clear();
        this.usual.length = 0;
      }
      credit = { name, value: 0 };
      this.credits.set(name, credit);
    }
    this.usual[index] = credit;
    return credit;
  }
}
