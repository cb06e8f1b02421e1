/** Counts what has begun and what has ended, and lets those go who wait for a number of it. */
export class Paces {
  private begun = 0;
  private readonly underWay = new Set<number>();
  private readonly waiting = new Set<{
    left: number;
    readonly of: (number: number) => boolean;
    readonly go: () => void;
  }>();

  begin(): { end(): void } {
    this.begun += 1;
    const number = this.begun;
    this.underWay.add(number);
    return { end: () => this.ended(number) };
  }

  /** Resolves when so many that begin after now have ended, in whatever order. */
  pass(count: number): Promise<void> {
    const since = this.begun;
    return this.wait(count, (number) => number > since);
  }

  /** Resolves when all that is under way now has ended. */
  settled(): Promise<void> {
    const present = new Set(this.underWay);
    return this.wait(present.size, (number) => present.has(number));
  }

  private wait(count: number, of: (number: number) => boolean): Promise<void> {
    if (count === 0) return Promise.resolve();
    return new Promise((go) => this.waiting.add({ left: count, of, go }));
  }

  private ended(number: number): void {
    this.underWay.delete(number);
    for (const each of this.waiting) {
      if (!each.of(number)) continue;
      each.left -= 1;
      if (each.left > 0) continue;
      this.waiting.delete(each);
      each.go();
    }
  }
}
