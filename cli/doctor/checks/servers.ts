import type { Facts } from '../facts';
import { factOf } from '../found';
import { type Group, type Item, notOk, ok, unknown, unless, warning } from '../item';
import { byValue, type Reached, reached, sort, streams, valuesText } from './fleet';

/** Are they the servers that the contract takes them for, and servers of one fleet. */
export const servers: Group = {
  title: 'Servers',
  judge: (facts) => {
    const there = reached(facts);
    return [
      ...versions(facts, there),
      ...distinct(facts, there),
      ...origin(facts, there),
      ...primary(there),
      ...replicas(facts, there),
    ];
  },
};

function versions({ contract }: Facts, there: readonly Reached[]): Item[] {
  const id = 'servers.version';
  const known = there.map(({ name, facts: { basics } }) => ({ name, value: basics.versionNum }));
  const majors = byValue(known.map(({ name, value }) => ({ name, value: majorOf(value) })));
  if (majors.size > 1) {
    return [
      notOk(
        id,
        `major versions differ: ${valuesText(majors)}`,
        'No standby follows a primary of another major version. Upgrade them together, or make the replica anew.',
      ),
    ];
  }
  const [[major] = [0]] = majors;
  const items: Item[] = [];
  if (major !== contract.engine.major) {
    items.push(
      warning(
        id,
        `the contract says PostgreSQL ${contract.engine.major}, the servers are ${major}`,
        'Deploy the fleet again, so that the contract tells what there is.',
      ),
    );
  }
  const minors = byValue(there.map(({ name, facts: { basics } }) => ({ name, value: basics.version })));
  if (minors.size > 1) {
    items.push(
      warning(id, `minor versions differ: ${valuesText(minors)}`, 'Upgrade: replicas first, then the primary.'),
    );
  }
  return unless(items, ok(id, `PostgreSQL ${[...minors.keys()].join()} on every one`));
}

function majorOf(versionNum: number): number {
  return Math.floor(versionNum / 10_000);
}

/** A cluster's own name leads to the server that writes at present, which has a name of its own as well. */
function distinct({ contract }: Facts, there: readonly Reached[]): Item[] {
  if (contract.topology !== 'instances') return [];
  const id = 'servers.distinct';
  const starts = byValue(there.map(({ name, facts: { basics } }) => ({ name, value: basics.startedAt })));
  return unless(
    [...starts.values()]
      .filter((names) => names.length > 1)
      .map((names) =>
        notOk(
          id,
          `${names.join(' and ')} are one and the same server`,
          'Two addresses lead to one server: look at DNS, and at what stands before the servers.',
        ),
      ),
    ok(id, 'every member is a server of its own'),
  );
}

function origin({ contract }: Facts, there: readonly Reached[]): Item[] {
  if (!streams(contract)) return [];
  const id = 'servers.origin';
  const { known, hidden } = sort(there, ({ systemIdentifier }) => systemIdentifier);
  if (known.length === 0) return [unknown(id, `the system identifier is hidden: ${hidden[0]?.why}`)];
  const identifiers = byValue(known);
  if (identifiers.size === 1) return [ok(id, 'copies of one database cluster')];
  return [
    notOk(
      id,
      `not copies of one database cluster: ${valuesText(identifiers)}`,
      'A member belongs to another fleet: mend its address in the contract, or make it anew from a backup of the primary.',
    ),
  ];
}

function primary(there: readonly Reached[]): Item[] {
  const id = 'servers.primary';
  const writer = there.find(({ role }) => role === 'primary');
  if (!writer) return [unknown(id, 'it does not answer')];
  if (!writer.facts.basics.recovering) return [ok(id, `${writer.name} takes writes`)];
  return [
    notOk(
      id,
      'it is a standby: it takes no writes',
      'After a failover the contract names the old primary: deploy again, or promote it if no other is the primary.',
      writer.name,
    ),
  ];
}

function replicas({ contract }: Facts, there: readonly Reached[]): Item[] {
  const id = 'servers.replicas';
  const readers = there.filter(({ role }) => role === 'replica');
  if (readers.length === 0) return contract.readers.length === 0 ? [] : [unknown(id, 'none answers')];
  const timeline = factOf(there.find(({ role }) => role === 'primary')?.facts.timeline ?? { missing: '' });
  const writes = readers.filter(({ facts: { basics } }) => !basics.recovering);
  // The member of a cluster that writes at present is listed among its readers, under its own name.
  const isWriter = (reader: Reached) =>
    contract.topology !== 'instances' && (!streams(contract) || factOf(reader.facts.timeline) === timeline);
  const promoted = writes.filter((reader) => !isWriter(reader));
  const standbys = readers.filter(({ facts: { basics } }) => basics.recovering);
  const items = promoted.map((reader) =>
    notOk(
      id,
      "it was promoted: a primary of its own, whose data are no longer the fleet's",
      'Take it out of the contract, and make it anew as a replica. If it is the primary now, deploy a contract that says so.',
      reader.name,
    ),
  );
  return unless(items, ok(id, `standbys: ${standbys.map(({ name }) => name).join(', ')}${writingText(writes)}`));
}

function writingText(writes: readonly Reached[]): string {
  return writes.length === 0 ? '' : `; ${writes.map(({ name }) => name).join(', ')} writes at present`;
}
