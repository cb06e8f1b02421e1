import { countText } from '../../units';
import type { Facts } from '../facts';
import { factOf, isFound } from '../found';
import { type Group, type Item, notOk, ok, unknown, unless, warning } from '../item';
import { type Reached, reached } from './fleet';

/** Is there room for every connection that apps may open. */
export const connections: Group = {
  title: 'Connections',
  judge: (facts) => {
    const there = reached(facts);
    return [...planned(facts, there), ...used(there)];
  },
};

/** Beside its pool, a process has one more connection to each member: it asks for lag. */
const PROBE = 1;
const FULL = 0.8;
const OVERFULL = 0.95;

function planned({ pools, contract }: Facts, there: readonly Reached[]): Item[] {
  const id = 'connections.pools';
  const { processes, primaryMax, replicaMax } = pools;
  const user = 'user' in contract.auth ? contract.auth.user : undefined;
  const well: string[] = [];
  const items = there.flatMap((member): Item[] => {
    const room = roomFor(member, user);
    if (room === undefined) return [unknown(id, 'max_connections is hidden', undefined, member.name)];
    const max = member.role === 'primary' ? primaryMax : replicaMax;
    const sum = processes * (max + PROBE);
    const text = `${countText(processes, 'process', 'processes')} × ${max + PROBE} = ${sum} of ${room}`;
    const fits = Math.max(0, Math.floor(room / processes) - PROBE);
    const option = member.role === 'primary' ? 'pools.primaryMax' : 'pools.replicaMax';
    const fix = `Set ${option} to ${fits} or less in connect(), raise max_connections, or put a proxy before it.`;
    if (sum > room) return [notOk(id, `${text}: when all are busy, connecting fails`, fix, member.name)];
    if (sum > room * FULL) return [warning(id, `${text}: little is left for others`, fix, member.name)];
    well.push(`${member.name} ${text}`);
    return [];
  });
  return unless(items, ok(id, well.join('; ')));
}

/** Connections that a role without rights of its own may have; undefined where it cannot be known. */
function roomFor({ facts }: Reached, user: string | undefined): number | undefined {
  const settings = factOf(facts.settings);
  const setting = (name: string) => Number(settings?.[name]?.value ?? 0);
  if (settings?.max_connections === undefined) return undefined;
  const free = setting('max_connections') - setting('superuser_reserved_connections') - setting('reserved_connections');
  const limits = [
    factOf(facts.connections)?.databaseLimit,
    factOf(facts.roles)?.find(({ name }) => name === user)?.connectionLimit,
  ].filter((limit): limit is number => limit !== undefined && limit >= 0);
  return Math.min(free, ...limits);
}

function used(there: readonly Reached[]): Item[] {
  const id = 'connections.now';
  const well: string[] = [];
  const items = there.flatMap((member): Item[] => {
    const { connections: found } = member.facts;
    const room = roomFor(member, undefined);
    if (!isFound(found) || room === undefined) {
      return [unknown(id, isFound(found) ? 'max_connections is hidden' : found.missing, undefined, member.name)];
    }
    const text = `${found.value.used} of ${room} in use`;
    const fix =
      'See who has them: select usename, application_name, state, count(*) from pg_stat_activity group by 1, 2, 3;';
    if (found.value.used > room * OVERFULL) return [notOk(id, text, fix, member.name)];
    if (found.value.used > room * FULL) return [warning(id, text, fix, member.name)];
    well.push(`${member.name} ${text}`);
    return [];
  });
  return unless(items, ok(id, well.join('; ')));
}
