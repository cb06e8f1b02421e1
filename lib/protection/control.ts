import { ReadfleetError } from '../errors';
import type { Members } from '../members/members';

/** A member's breaker in the hands of people. Orders hold until the next one. */
export interface BreakerControl {
  /** Nothing is sent to the member any more. Of the primary: writes and reads that need it fail at once. */
  forceOpen(): void;
  /** It never opens, whatever fails. */
  forceClosed(): void;
  /** Closed, and automatic again. */
  reset(): void;
}

/** @throws ReadfleetError `READFLEET_NO_SUCH_MEMBER` */
export function breakerControl(members: Members, name: string): BreakerControl {
  const member = members.all().find((other) => other.name === name);
  if (!member) {
    const names = members.all().map((other) => other.name);
    throw new ReadfleetError(
      'READFLEET_NO_SUCH_MEMBER',
      `breaker("${name}"): the fleet has no member of that name. It has: ${names.join(', ')}.`,
    );
  }
  const { breaker, clock } = member;
  return {
    forceOpen: () => breaker.forceOpen(clock.now()),
    forceClosed: () => breaker.forceClosed(clock.now()),
    reset: () => breaker.reset(clock.now()),
  };
}
