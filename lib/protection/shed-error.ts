import { ReadfleetError } from '../errors';
import type { Priority } from '../policy/policy';
import type { BulkheadOptions } from './bulkhead';

/** Why a read was shed: the queue was full, or it stood there for too long, or longer than its own deadline. */
export type ShedReason = 'queue full' | 'waited too long' | 'deadline passed';

/**
 * `READFLEET_SHED`: no replica could take a read, and the primary has as many of those as it is to bear. Nothing was sent for it. It may be
 * tried again, later.
 */
export class ShedError extends ReadfleetError {
  readonly priority: Priority;
  readonly reason: ShedReason;

  constructor(priority: Priority, reason: ShedReason, { max, queue, waitMs }: BulkheadOptions) {
    const why: Record<ShedReason, string> = {
      'queue full': `as many wait as may (${queue}), none of lower priority`,
      'waited too long': `it waited ${waitMs} ms for one of them to end`,
      'deadline passed': "the read's own time ended while it waited for one of them to end",
    };
    super(
      'READFLEET_SHED',
      `a read of priority "${priority}" was shed: no replica could take it, the primary runs ${max} such reads already, which is its limit, and ` +
        `${why[reason]}. Look why the replicas do not serve (fleet.status()); let the read be older (maxStalenessMs) or give it a higher priority; ` +
        'or raise `max` of the bulkhead, if the primary can bear more.',
    );
    this.priority = priority;
    this.reason = reason;
  }
}
