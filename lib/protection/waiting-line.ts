/** Someone in a {@link WaitingLine}; in one line at most. */
export interface Waiting<T> {
  before: T | undefined;
  after: T | undefined;
}

/** First come, first served, and whoever gives up leaves from the middle at the price of any other: a doubly linked list. */
export class WaitingLine<T extends Waiting<T>> {
  first: T | undefined;
  last: T | undefined;

  add(waiting: T): void {
    waiting.before = this.last;
    waiting.after = undefined;
    if (this.last) this.last.after = waiting;
    else this.first = waiting;
    this.last = waiting;
  }

  /** @param waiting stands in this line */
  remove(waiting: T): void {
    if (waiting.before) waiting.before.after = waiting.after;
    else this.first = waiting.after;
    if (waiting.after) waiting.after.before = waiting.before;
    else this.last = waiting.before;
    // Whoever still holds it (a connection, the first that it served) must not hold all that came after.
    waiting.before = undefined;
    waiting.after = undefined;
  }
}
