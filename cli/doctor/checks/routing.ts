import type { Facts, RoutingFacts } from '../facts';
import { isFound } from '../found';
import { type Group, type Item, notOk, ok, unknown, warning } from '../item';

const LOOK = 'Look at the items above: whom the library does not trust it does not ask.';
const TELL = 'That is a fault of readfleet: please report it.';

/** The library itself, against this fleet: reads, writes, and what becomes of both when members go. */
export const routing: Group = {
  title: 'Routing, by the library in this process',
  judge: (facts) => {
    if (!isFound(facts.routing)) return [unknown('routing.reads', facts.routing.missing), ...failover(facts)];
    const found = facts.routing.value;
    return [
      ...reads(facts, found),
      writes(found),
      ...(facts.contract.readers.length > 0
        ? [...withoutOne(found), fallback(found), withoutPrimary(facts, found)]
        : []),
      ...failover(facts),
    ];
  },
};

/** The primary of the moment: after a failover the library follows, whatever the contract says. */
function primaryName({ members }: RoutingFacts): string | undefined {
  return members.find(({ role, state }) => role === 'primary' && state.kind === 'serving')?.name;
}

function servingReplicas({ members }: RoutingFacts): string[] {
  return members.flatMap(({ name, role, state }) => (role === 'replica' && state.kind === 'serving' ? [name] : []));
}

function reads({ contract }: Facts, found: RoutingFacts): Item[] {
  const id = 'routing.reads';
  const { byMember, failed, reads: count } = found.spread;
  const [first] = failed;
  if (first !== undefined) return [notOk(id, `${failed.length} of ${count} reads failed: ${first}`, LOOK)];
  if (contract.readers.length === 0) return [ok(id, 'without replicas, reads go to the primary')];
  const fit = servingReplicas(found);
  if (fit.length === 0) return [notOk(id, 'no replica is fit: every read goes to the primary', LOOK)];
  const unread = fit.filter((name) => !byMember[name]);
  const text = Object.entries(byMember)
    .map(([name, reads]) => `${name} ${reads}`)
    .join(', ');
  if (unread.length > 0) return [warning(id, `of ${count} reads, ${unread.join(' and ')} got none (${text})`, TELL)];
  return [ok(id, `spread over replicas: ${text}`)];
}

function writes(found: RoutingFacts): Item {
  const id = 'routing.writes';
  const { write } = found;
  const primary = primaryName(found);
  if (primary === undefined) return unknown(id, 'there is no primary to write to');
  if ('error' in write) return notOk(id, `a statement for the primary failed: ${write.error}`, LOOK);
  if (write.member !== primary) return notOk(id, `a statement for the primary was sent to ${write.member}`, TELL);
  return ok(id, `what must run on the primary went to ${write.member}`);
}

function withoutOne({ without }: RoutingFacts): Item[] {
  const id = 'routing.replica-lost';
  if (!without) return [];
  const { replica, read } = without;
  if ('error' in read) return [notOk(id, `with ${replica} switched off, a read failed: ${read.error}`, LOOK)];
  if (read.member === replica) return [notOk(id, `${replica} was read although it was switched off`, TELL)];
  return [ok(id, `with ${replica} switched off, reads go to ${read.member}`)];
}

function fallback(found: RoutingFacts): Item {
  const id = 'routing.fallback';
  const { fallback: read } = found;
  const primary = primaryName(found);
  if (primary === undefined) return unknown(id, 'there is no primary to fall back on');
  if ('error' in read) return notOk(id, `with every replica switched off, a read failed: ${read.error}`, LOOK);
  if (read.member !== primary) return notOk(id, `with every replica switched off, ${read.member} was read`, TELL);
  return ok(id, `with every replica switched off, reads go to ${read.member}`);
}

function withoutPrimary({ contract }: Facts, found: RoutingFacts): Item {
  const id = 'routing.primary-lost';
  const { read, write } = found.withoutPrimary;
  if (servingReplicas(found).length === 0)
    return unknown(id, `no replica is fit to stand in for ${contract.writer.name}`);
  if ('error' in read) return notOk(id, `with the primary switched off, a read failed: ${read.error}`, LOOK);
  if (!('error' in write)) return notOk(id, `with the primary switched off, a write was sent to ${write.member}`, TELL);
  return ok(
    id,
    `with the primary switched off, reads go on (${read.member}), and writes fail at once (${write.code ?? write.error})`,
  );
}

function failover({ loss }: Facts): Item[] {
  const id = 'routing.failover';
  if (loss === undefined) return [];
  if (!isFound(loss)) return [notOk(id, `a read whose connection was cut was not answered: ${loss.missing}`, LOOK)];
  const { cut, answeredBy, ms } = loss.value;
  // What was lost is asked of another member: so nothing was.
  if (answeredBy === cut) return [unknown(id, `${cut} answered a read before its connection was cut`, 'Try again.')];
  return [
    ok(id, `a read whose connection to ${cut} was cut was answered by ${answeredBy}, after ${ms.toFixed(0)} ms in all`),
  ];
}
