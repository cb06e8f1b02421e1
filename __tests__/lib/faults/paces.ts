/** Counts what has begun and what has ended, and lets those go who wait for a number of it. */
export class Paces {
  private begun = 0;
  private underWay = 0;
  private readonly waiting = new Set<{ left: number; readonly since: number; readonly go: () => void }>();
  private readonly idlers: (() => void)[] = [];

  begin(): { end(): void } {
    this.begun += 1;
    this.underWay += 1;
    const number = this.begun;
    return { end: () => this.ended(number) };
  }

  /** Resolves when so many that begin after now have ended, in whatever order. */
  pass(count: number): Promise<void> {
    return new Promise((go) => this.waiting.add({ left: count, since: this.begun, go }));
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.underWay === 0 ? Promise.resolve() : new Promise((go) => this.idlers.push(go));
  }

  private ended(number: number): void {
    this.underWay -= 1;
    for (const each of this.waiting) {
      if (number <= each.since) continue;
      each.left -= 1;
      if (each.left > 0) continue;
      this.waiting.delete(each);
      each.go();
    }
    if (this.underWay === 0) for (const go of this.idlers.splice(0)) go();
  }
}
