import type { Core } from './core';
import type { Member } from './members/member';
import type { FleetStatus, MemberStatus } from './status';

/** Puts together what is known. Costs no question to a server. */
export function statusOfFleet({ contract, members, flags, executor, clock }: Core): FleetStatus {
  const { bulkhead, retries } = executor;
  return {
    fleet: contract.fleet,
    environment: contract.environment,
    members: members.all().map(statusOfMember),
    flags: { allOff: flags.allOff, endpoints: flags.list() },
    bulkhead: { active: bulkhead.active, queued: bulkhead.queued, shed: bulkhead.shed, max: bulkhead.max },
    retriesLeft: Math.floor(retries.balance(clock.now())),
  };
}

export function statusOfMember(member: Member): MemberStatus {
  const { name, role, address, state, facts, counters, load, breaker, pool, clock } = member;
  const now = clock.now();
  return {
    name,
    role,
    host: address.host,
    port: address.port,
    zone: address.zone,
    state,
    // Of a member that does not answer, its last lag says nothing.
    lag: role === 'replica' && facts.failure === undefined && facts.sighting?.recovering ? facts.lag : undefined,
    ...counters,
    inFlight: load.inFlight,
    latencyMs: load.latencyMs(now),
    breaker: { state: breaker.state(now).kind, forced: breaker.forced },
    pool: { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount, max: pool.options.max },
  };
}
