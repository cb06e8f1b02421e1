import type { Facts } from '../facts';
import { type Group, type Item, notOk, ok, unless, warning } from '../item';
import { byValue } from './fleet';

/** What can be said of the contract without asking anybody. */
export const contract: Group = {
  title: 'Contract',
  judge: (facts) => [...addresses(facts), ...replicas(facts), ...password(facts)],
};

function addresses({ members }: Facts): Item[] {
  const id = 'contract.addresses';
  const shared = [...byValue(members.map(({ name, host, port }) => ({ name, value: `${host}:${port}` })))].filter(
    ([, names]) => names.length > 1,
  );
  return unless(
    shared.map(([address, names]) =>
      notOk(
        id,
        `${names.join(' and ')} are at one address: ${address}`,
        'Each member is a server of its own: mend the contract, or deploy the fleet again, which writes it.',
      ),
    ),
    ok(id, 'every member has an address of its own'),
  );
}

function replicas({ contract: { readers } }: Facts): Item[] {
  const id = 'contract.replicas';
  if (readers.length === 0) {
    return [
      warning(id, 'there is no replica: every read goes to the primary', 'Add one: docs/runbooks/add-a-replica.md'),
    ];
  }
  const zones = new Set(readers.map(({ zone }) => zone));
  if (readers.length > 1 && zones.size === 1 && !zones.has(undefined)) {
    const [zone] = zones;
    return [
      warning(
        id,
        `all ${readers.length} replicas are in zone ${zone}`,
        'When that zone fails, every read goes to the primary. Spread them over zones.',
      ),
    ];
  }
  const one = readers.length === 1 ? ': when it goes, every read goes to the primary' : '';
  return [ok(id, `${readers.length} of them${one}`)];
}

function password({ contract: { auth, region } }: Facts): Item[] {
  if (auth.kind !== 'password' || region === undefined) return [];
  return [
    warning(
      'contract.password',
      'the contract of a deployed fleet holds a password, which whoever reads it then has',
      'Use IAM, or keep the password in a secret of its own.',
    ),
  ];
}
