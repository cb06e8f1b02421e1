import type { MemberStatus } from '../../lib';

/** A replica that serves and has done nothing yet; a test says what matters to it. */
export function memberStatus(differing: Partial<MemberStatus> = {}): MemberStatus {
  return {
    name: 'blue',
    role: 'replica',
    host: '127.0.0.1',
    port: 5432,
    zone: undefined,
    state: { kind: 'serving', lag: { seconds: 0, bytes: 0 } },
    lag: { seconds: 0, bytes: 0 },
    reads: 0,
    writes: 0,
    errors: 0,
    inFlight: 0,
    latencyMs: 0,
    breaker: { state: 'closed', forced: undefined },
    pool: { total: 0, idle: 0, waiting: 0, max: 30 },
    ...differing,
  };
}
