import type { MemberView, StatusView } from '../view';

/**
 * How a replica is, in one word.
 *
 * - `lagging`: it replicates, further behind than the fleet's bound; fresher reads go elsewhere
 * - `draining`: somebody sends it nothing new, by hand
 * - `unknown`: it has not answered yet
 */
export type ReplicaStatus = 'healthy' | 'lagging' | 'unhealthy' | 'draining' | 'unknown';

/** What `GET /v1/system/database/replicas/lag` answers. `timestamp` is of ISO 8601; lag is null where it is not known. */
export interface LagBody {
  readonly timestamp: string;
  readonly replicas: readonly {
    readonly name: string;
    readonly lagSeconds: number | null;
    readonly lagBytes: number | null;
    readonly status: ReplicaStatus;
  }[];
}

/** What `GET /v1/system/database/replicas/health` answers: with 200 when `healthy`, else with 503. */
export interface HealthBody {
  readonly healthy: boolean;
  readonly timestamp: string;
  readonly replicasEnabled: boolean;
  readonly replicaCount: number;
  readonly message: string;
  readonly replicas: readonly {
    readonly name: string;
    readonly status: ReplicaStatus;
    readonly reason: string | null;
  }[];
}

/** Connections of this process to one member; `waiting` are callers that wait for one. */
export interface PoolBody {
  readonly total_connections: number;
  readonly active_connections: number;
  readonly idle_connections: number;
  readonly waiting: number;
  readonly max_connections: number;
}

/** What `GET /v1/system/database/connection-pool/stats` answers, the replicas by name. Without a primary `primary` is null. */
export interface PoolsBody {
  readonly timestamp: string;
  readonly primary: PoolBody | null;
  readonly replicas: Readonly<Record<string, PoolBody>>;
}

export function lagBody(status: StatusView): LagBody {
  return {
    timestamp: timestamp(status),
    replicas: replicasOf(status).map((replica) => ({
      name: replica.name,
      lagSeconds: replica.lag?.seconds ?? null,
      lagBytes: replica.lag?.bytes ?? null,
      status: statusOf(replica),
    })),
  };
}

/**
 * Whether the replicas are what they should be: none is unhealthy, or not seen yet. One that lags still serves what may be older; one that is drained
 * is away because somebody wanted it so.
 */
export function healthBody(status: StatusView): HealthBody {
  const replicas = replicasOf(status).map((replica) => ({
    name: replica.name,
    status: statusOf(replica),
    reason: reasonOf(replica),
  }));
  return {
    healthy: replicas.every((replica) => !isBad(replica)),
    timestamp: timestamp(status),
    replicasEnabled: replicas.length > 0 && !status.flags.allOff,
    replicaCount: replicas.length,
    message: message(replicas, status.flags.allOff),
    replicas,
  };
}

export function poolsBody(status: StatusView): PoolsBody {
  const primary = status.members.find(({ role, state }) => role === 'primary' && state !== 'fenced');
  return {
    timestamp: timestamp(status),
    primary: primary ? poolOf(primary) : null,
    replicas: Object.fromEntries(replicasOf(status).map((replica) => [replica.name, poolOf(replica)])),
  };
}

type Replica = HealthBody['replicas'][number];

function message(replicas: readonly Replica[], allOff: boolean): string {
  if (replicas.length === 0) return 'There are no replicas: every read goes to the primary';
  const parts = [summary(replicas)];
  for (const word of ['lagging', 'draining'] as const) {
    const names = replicas.filter(({ status }) => status === word).map(({ name }) => name);
    if (names.length > 0) parts.push(`${word}: ${names.join(', ')}`);
  }
  if (allOff) parts.push('all endpoints are switched off: every read goes to the primary');
  return parts.join('; ');
}

function summary(replicas: readonly Replica[]): string {
  const bad = replicas.filter(isBad);
  const count = replicas.length;
  const noun = count === 1 ? 'replica' : 'replicas';
  if (bad.length > 0) {
    const who = bad.map(({ name, status, reason }) => `${name} (${reason ?? status})`).join(', ');
    return `${bad.length} of ${count} ${noun} ${bad.length === 1 ? 'is' : 'are'} not healthy: ${who}`;
  }
  const healthy = replicas.filter(({ status }) => status === 'healthy').length;
  if (healthy < count) return `${healthy} of ${count} ${noun} at ${count === 1 ? 'its' : 'their'} best, none unhealthy`;
  return count === 1 ? 'The replica is healthy' : `All ${count} replicas are healthy`;
}

function isBad({ status }: Replica): boolean {
  return status === 'unhealthy' || status === 'unknown';
}

function statusOf({ state }: MemberView): ReplicaStatus {
  switch (state) {
    case 'serving':
      return 'healthy';
    case 'lagging':
    case 'draining':
      return state;
    case 'joining':
      return 'unknown';
    default:
      return 'unhealthy';
  }
}

function reasonOf({ state, reason }: MemberView): string | null {
  if (reason !== null) return reason;
  if (state === 'promoted') return 'was promoted: what it holds is no longer the primary’s';
  if (state === 'writing') return 'is the primary at present';
  return state === 'joining' ? 'has not answered yet' : null;
}

function poolOf({ pool: { total, idle, waiting, max } }: MemberView): PoolBody {
  return {
    total_connections: total,
    active_connections: total - idle,
    idle_connections: idle,
    waiting,
    max_connections: max,
  };
}

function replicasOf({ members }: StatusView): readonly MemberView[] {
  return members.filter(({ role }) => role === 'replica');
}

function timestamp({ at }: StatusView): string {
  return new Date(at).toISOString();
}
