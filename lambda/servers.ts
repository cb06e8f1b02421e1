import { type Clock, systemClock } from '../lib/clock';
import type { ContractMember } from '../lib/contract';
import { messageOf } from '../lib/errors';
import { Probe, type Question } from '../lib/lag/probe';
import type { ConfigOf } from './connection';
import type { EmitterContract } from './emitter-contract';

/** How long a server may take. Shorter than a look at its lag may: nothing waits for this longer than for that. */
const TIMEOUT_MS = 2_000;

/** What a server says of its connections and of the log that it keeps for others. */
export interface ServerFacts {
  /** Connections of clients; undefined without the right to see them (pg_monitor). */
  readonly connections: number | undefined;
  /** How many it takes. */
  readonly maxConnections: number;
  /** Name of the slot on its primary through which a standby receives. */
  readonly slot: string | undefined;
  /** Of a primary: by slot, bytes of log that it keeps for it. A slot that has not begun, or whose log is gone, is not among them. */
  readonly slots: Readonly<Record<string, number>> | undefined;
}

/** What is known of a server beside its lag. */
export interface ServerReport extends Pick<ServerFacts, 'connections' | 'maxConnections'> {
  /** Of a primary its slot that is furthest behind; of a replica its own. */
  readonly slot?: { readonly name: string; readonly lagBytes: number };
}

/** Or why there is nothing. */
export type ServerAnswer = ServerReport | { readonly failure: string };

/** Asks one server. */
export type ServerProbe = Pick<Probe<ServerFacts>, 'ask' | 'close'>;

/**
 * `pg_current_wal_lsn()` is refused by a standby (55000): it is called for the slots that are left by `where` alone. Who may not see other
 * people's sessions is shown them without their kind.
 */
const QUESTION: Question<ServerFacts> = {
  sql: `
select (select case when bool_and(backend_type is not null) then count(*) filter (where backend_type = 'client backend') end
          from pg_stat_activity)::int as connections,
       current_setting('max_connections')::int as "maxConnections",
       (select slot_name from pg_stat_wal_receiver) as slot,
       (select json_object_agg(slot_name, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8)
          from pg_replication_slots where restart_lsn is not null and not pg_is_in_recovery()) as slots`,
  toSighting(row) {
    const { connections, maxConnections, slot, slots } = row as unknown as Record<keyof ServerFacts, never>;
    return {
      connections: connections ?? undefined,
      maxConnections,
      slot: slot ?? undefined,
      slots: slots ?? undefined,
    };
  },
};

export interface ServersOptions {
  readonly configOf: ConfigOf;
  /** @default the system's monotonic clock */
  readonly clock?: Clock;
  /**
   * For tests: who answers for a server.
   * @default - the server itself
   */
  readonly probeOf?: (member: ContractMember) => ServerProbe;
}

/**
 * Asks each server for what the router does not need to know.
 *
 * On connections of its own, and with a time limit of its own: whatever hangs here hides neither lag nor health.
 */
export class Servers {
  private readonly probes: ReadonlyMap<string, ServerProbe>;

  constructor({ writer, readers }: EmitterContract, { configOf, probeOf, clock = systemClock }: ServersOptions) {
    const probe = (member: ContractMember) =>
      new Probe(configOf(member, TIMEOUT_MS), TIMEOUT_MS, clock, undefined, QUESTION);
    this.probes = new Map([writer, ...readers].map((member) => [member.name, (probeOf ?? probe)(member)]));
  }

  /** Asks all at once. Who fails is part of the answer; this does not. */
  async take(): Promise<ReadonlyMap<string, ServerAnswer>> {
    const asked = [...this.probes].map(async ([name, probe]) => {
      const answer = await probe.ask().catch((error: unknown) => ({ failure: messageOf(error) }));
      return [name, answer] as const;
    });
    return reports(new Map(await Promise.all(asked)));
  }

  close(): void {
    for (const probe of this.probes.values()) probe.close();
  }
}

/** A standby knows the name of its slot, its primary how far it is behind. */
function reports(
  answers: ReadonlyMap<string, ServerFacts | { readonly failure: string }>,
): ReadonlyMap<string, ServerAnswer> {
  const kept = [...answers.values()].map((answer) => ('failure' in answer ? {} : (answer.slots ?? {})));
  const all: Readonly<Record<string, number>> = Object.assign({}, ...kept);
  const report = (facts: ServerFacts): ServerReport => {
    const { connections, maxConnections } = facts;
    const name = facts.slots ? furthest(facts.slots) : facts.slot;
    const lagBytes = name === undefined ? undefined : all[name];
    return {
      connections,
      maxConnections,
      ...(name !== undefined && lagBytes !== undefined && { slot: { name, lagBytes } }),
    };
  };
  return new Map([...answers].map(([name, answer]) => [name, 'failure' in answer ? answer : report(answer)]));
}

function furthest(slots: Readonly<Record<string, number>>): string | undefined {
  return Object.entries(slots).sort(([, a], [, b]) => b - a)[0]?.[0];
}
