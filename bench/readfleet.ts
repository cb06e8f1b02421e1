import { type ConnectOptions, connect, type Fleet } from '../lib';
import type { FleetContract } from '../lib/contract';
import { type Candidate, READ, type Router, SLOW_READ, type Target, TEXTS } from './peers/peer';

/** The fleet of a {@link Target}, as its contract. */
export function contractOf(target: Target): FleetContract {
  const { user, password, database, primary, replicas } = target;
  return {
    version: 1,
    ...{ fleet: 'bench', environment: 'local', topology: 'instances', engine: { major: 18 }, tls: 'disable', database },
    auth: { kind: 'password', user, password },
    writer: { name: 'primary', ...primary },
    readers: replicas.map((replica, index) => ({ name: `replica-${index + 1}`, ...replica })),
    lag: { warningSeconds: 1, criticalSeconds: 5 },
  };
}

/** Pools as every candidate has them; all else stays as it comes. */
export function connectOptions({ poolMax, connectTimeoutMs, idleTimeoutMs }: Target): ConnectOptions {
  return { pools: { primaryMax: poolMax, replicaMax: poolMax, connectTimeoutMs, idleTimeoutMs } };
}

/** `fleet.session`, where this version has it. */
export function sessionOf(fleet: Fleet): (<T>(work: () => Promise<T>) => Promise<T>) | undefined {
  const { session } = fleet as unknown as { session?: <T>(work: () => Promise<T>) => Promise<T> };
  return typeof session === 'function' ? (work) => session.call(fleet, work) as ReturnType<typeof work> : undefined;
}

/** readfleet as an app uses it that names nothing: each statement goes where it belongs. */
export const readfleet: Candidate = {
  label: 'readfleet',
  how: '`fleet.query(text, [id])`',
  async open(target: Target): Promise<Router> {
    const fleet = await connect(contractOf(target), connectOptions(target));
    return {
      read: (id) => fleet.query(READ, [id]),
      slowRead: (id) => fleet.query(SLOW_READ, [id]),
      body: (result) => (result as { rows: { body: string }[] }).rows[0]?.body,
      statements: {
        'plain read': () => fleet.query(TEXTS['plain read']),
        'write CTE': () => fleet.query(TEXTS['write CTE']),
        'FOR UPDATE': () => fleet.query(TEXTS['FOR UPDATE']),
        nextval: () => fleet.query(TEXTS.nextval),
        'advisory lock': () => fleet.query(TEXTS['advisory lock']),
        'writing function': () => fleet.query(TEXTS['writing function']),
      },
      close: () => fleet.close(),
    };
  },
};
