import type { MemberView, StatusView } from '../../../monitoring/view';

export function memberView(given: Partial<MemberView> = {}): MemberView {
  return {
    name: 'blue',
    role: 'replica',
    host: '10.0.0.1',
    port: 5432,
    zone: null,
    state: 'serving',
    reason: null,
    lag: { seconds: 0.02, bytes: 512 },
    reads: 7,
    writes: 0,
    errors: 0,
    inFlight: 0,
    latencyMs: 1.25,
    breaker: { state: 'closed', forced: null },
    pool: { total: 3, idle: 1, waiting: 0, max: 30 },
    ...given,
  };
}

export function statusView(given: Partial<StatusView> = {}): StatusView {
  return {
    fleet: 'orders',
    environment: 'test',
    at: Date.UTC(2026, 0, 2, 3, 4, 5),
    members: [memberView({ name: 'primary', role: 'primary', lag: null, writes: 3 }), memberView()],
    flags: { allOff: false, endpoints: [] },
    bulkhead: { active: 0, queued: 0, shed: 0, max: 25 },
    retriesLeft: 100,
    thresholds: { warningSeconds: 1, criticalSeconds: 5 },
    ...given,
  };
}
