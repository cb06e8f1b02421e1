import type { Facts, MemberFacts, RoutingFacts, ServerFacts, Setting } from '../../../cli/doctor/facts';
import { isFound } from '../../../cli/doctor/found';
import type { Group, Item } from '../../../cli/doctor/item';
import type { FleetContract, MemberStatus } from '../../../lib';
import { memberStatus } from '../../support/member-status';
import { CONTRACT } from '../folder';

export const found = <T>(value: T) => ({ value });
export const hidden = (why = 'permission denied') => ({ missing: why });

const SETTINGS = {
  max_connections: 200,
  max_worker_processes: 8,
  max_wal_senders: 10,
  max_prepared_transactions: 0,
  max_locks_per_transaction: 64,
  superuser_reserved_connections: 3,
  reserved_connections: 0,
  wal_level: 'replica',
  max_wal_size: 1_024,
  max_slot_wal_keep_size: 10_240,
  archive_mode: 'off',
  hot_standby_feedback: 'off',
  max_standby_streaming_delay: 30_000,
  work_mem: 4_096,
};

export const setting = (value: string | number | null, rest: Partial<Setting> = {}): Setting => ({
  value: value === null ? null : String(value),
  unit: null,
  pendingRestart: false,
  ...rest,
});

export function settings(others: Readonly<Record<string, string | number | null>> = {}) {
  return found(
    Object.fromEntries(Object.entries({ ...SETTINGS, ...others }).map(([name, value]) => [name, setting(value)])),
  );
}

/** What a server says that is well. */
export function server(name: string, given: Partial<ServerFacts> = {}): ServerFacts {
  const isPrimary = name === 'primary';
  return {
    connectMs: 5,
    basics: {
      recovering: !isPrimary,
      versionNum: 180_004,
      version: '18.4',
      startedAt: `${name} started`,
      tls: null,
      seesOthers: true,
    },
    systemIdentifier: found('7000000000000000001'),
    timeline: found(1),
    replay: found(
      isPrimary
        ? { paused: null, receiver: null, hasReceiver: false, slot: null }
        : { paused: false, receiver: 'streaming', hasReceiver: true, slot: name },
    ),
    senders: found(
      isPrimary
        ? [
            { pid: 11, application: 'walreceiver', state: 'streaming', sync: 'async', xminAge: null },
            { pid: 12, application: 'walreceiver', state: 'streaming', sync: 'sync', xminAge: null },
          ]
        : [],
    ),
    slots: found(
      isPrimary
        ? [
            {
              name: 'blue',
              kind: 'physical',
              active: true,
              activePid: 11,
              walStatus: 'reserved',
              retainedBytes: 512,
              xminAge: null,
            },
            {
              name: 'green',
              kind: 'physical',
              active: true,
              activePid: 12,
              walStatus: 'reserved',
              retainedBytes: 0,
              xminAge: null,
            },
          ]
        : [],
    ),
    archiver: found({ failed: 0, failing: false, lastFailed: null }),
    settings: settings(),
    collation: found({ recorded: '1', actual: '1', others: [] }),
    extensions: found([{ name: 'plpgsql', version: '1.0', available: true }]),
    connections: found({ used: 12, databaseLimit: -1 }),
    transactions: found({ longestSeconds: 1, idleSeconds: 0, xminAge: 10 }),
    conflicts: found({ cancelled: 0, since: null }),
    roles: found([{ name: 'app', canLogin: true, isSuperuser: false, connectionLimit: -1 }]),
    rights: found({ tables: 4, unreadable: 0, unwritable: 0 }),
    ...given,
  };
}

export function status(name: string, given: Partial<MemberStatus> = {}): MemberStatus {
  if (name === 'primary') return memberStatus({ name, role: 'primary', lag: undefined, ...given });
  return memberStatus({ name, lag: { seconds: 0.02, bytes: 100 }, ...given });
}

export function routing(given: Partial<RoutingFacts> = {}): RoutingFacts {
  return {
    members: ['primary', 'blue', 'green'].map((name) => status(name)),
    watchedSeconds: 1.5,
    spread: { reads: 8, byMember: { blue: 4, green: 4 }, failed: [] },
    write: { member: 'primary' },
    without: { replica: 'blue', read: { member: 'green' } },
    fallback: { member: 'primary' },
    withoutPrimary: {
      read: { member: 'blue' },
      write: { error: 'the breaker is open', code: 'READFLEET_BREAKER_OPEN' },
    },
    ...given,
  };
}

/** A fleet in which all is well. */
export function healthy(given: Partial<Facts> = {}): Facts {
  const contract = given.contract ?? CONTRACT;
  const members = [contract.writer, ...contract.readers].map(
    ({ name, host, port }, index): MemberFacts => ({
      name,
      role: index === 0 ? 'primary' : 'replica',
      host,
      port,
      server: found(server(name)),
    }),
  );
  return {
    contract,
    user: 'app',
    pools: { processes: 1, primaryMax: 50, replicaMax: 30 },
    members,
    routing: found(routing()),
    loss: undefined,
    app: undefined,
    ...given,
  };
}

/** The same, but for what these members say. */
export function but(facts: Facts, servers: Readonly<Record<string, Partial<ServerFacts>>>): Facts {
  return {
    ...facts,
    members: facts.members.map((member) =>
      isFound(member.server)
        ? { ...member, server: found({ ...member.server.value, ...servers[member.name] }) }
        : member,
    ),
  };
}

/** The same, but for the basics of one member. */
export function butBasics(facts: Facts, name: string, basics: Partial<ServerFacts['basics']>): Facts {
  return {
    ...facts,
    members: facts.members.map((member) =>
      member.name === name && isFound(member.server)
        ? { ...member, server: found({ ...member.server.value, basics: { ...member.server.value.basics, ...basics } }) }
        : member,
    ),
  };
}

/** The same, but for these, which do not answer. */
export function silent(facts: Facts, names: readonly string[], why = 'connect ECONNREFUSED 127.0.0.1:5433'): Facts {
  return {
    ...facts,
    members: facts.members.map((member) => (names.includes(member.name) ? { ...member, server: hidden(why) } : member)),
  };
}

export function withContract(change: Partial<FleetContract>): FleetContract {
  return { ...CONTRACT, ...change };
}

/** The items of a group, of one id where it is named. */
export function items(group: Group, facts: Facts, id?: string): Item[] {
  return group.judge(facts).filter((item) => id === undefined || item.id === id);
}

/** `not ok blue: what was found`. */
export function told(group: Group, facts: Facts, id?: string): string[] {
  return items(group, facts, id).map(
    ({ verdict, member, found }) => `${verdict}${member === undefined ? '' : ` ${member}`}: ${found}`,
  );
}
