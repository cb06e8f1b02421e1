import { DEFAULT_ROLE_NAMES } from '../../../lib/roles';
import { countText } from '../../units';
import type { Facts } from '../facts';
import { factOf, isFound } from '../found';
import { type Group, type Item, notOk, ok, unknown, unless, warning } from '../item';
import { askAsMonitor, type Reached, reached, streams } from './fleet';

/** May roles do what they must, and no more. */
export const roles: Group = {
  title: 'Roles',
  judge: (facts) => {
    // Roles replicate: whoever answers knows them.
    const [anybody] = reached(facts);
    if (!anybody) return [];
    return [...app(facts, anybody), ...rights(facts, anybody), ...sight(facts, anybody), ...emitter(facts, anybody)];
  },
};

function app({ contract, user }: Facts, { facts }: Reached): Item[] {
  const id = 'roles.app';
  const name = 'user' in contract.auth ? contract.auth.user : user;
  if (!isFound(facts.roles)) return [unknown(id, facts.roles.missing)];
  const role = facts.roles.value.find((other) => other.name === name);
  if (!role) return [notOk(id, `role "${name}" of the contract does not exist`, 'Make it: readfleet sql prints how.')];
  if (!role.canLogin)
    return [
      notOk(id, `role "${name}" may not log in`, `On the primary: alter role "${name}" login; or readfleet sql.`),
    ];
  if (role.isSuperuser && contract.region !== undefined) {
    return [
      warning(
        id,
        `apps are role "${name}", a superuser: a mistake of theirs has no bounds`,
        'Give apps a role of their own: readfleet sql prints one.',
      ),
    ];
  }
  return [ok(id, `apps are role "${name}"${role.isSuperuser ? ', a superuser: this is a local fleet' : ''}`)];
}

function rights({ contract, user }: Facts, { facts }: Reached): Item[] {
  const id = 'roles.rights';
  const name = 'user' in contract.auth ? contract.auth.user : user;
  if (!isFound(facts.rights)) return [unknown(id, facts.rights.missing)];
  const { tables, unreadable, unwritable } = facts.rights.value;
  if (unreadable > 0) {
    return [
      warning(
        id,
        `role "${name}" may not read ${unreadable} of ${tables} tables`,
        'If it should: grant pg_read_all_data to it, as readfleet sql does.',
      ),
    ];
  }
  const writes =
    unwritable === 0
      ? 'and writes'
      : unwritable === tables
        ? 'and writes none of'
        : `and writes ${tables - unwritable} of`;
  return [
    ok(id, tables === 0 ? 'there are no tables yet' : `role "${name}" reads ${writes} ${countText(tables, 'table')}`),
  ];
}

/** What the library reads with pg_monitor alone: timelines of standbys. Without, a replica that follows another primary is not noticed. */
function sight(facts: Facts, { facts: { basics } }: Reached): Item[] {
  const id = 'roles.statistics';
  if (basics.seesOthers) return [ok(id, `role "${facts.user}" sees statistics`)];
  if (!streams(facts.contract)) return [];
  return [
    unknown(
      id,
      `role "${facts.user}" does not see what other sessions do, nor timelines of replicas`,
      askAsMonitor(facts),
    ),
  ];
}

/** A deployed fleet has somebody who measures lag. */
function emitter({ contract }: Facts, { facts }: Reached): Item[] {
  if (contract.region === undefined) return [];
  const id = 'roles.emitter';
  const found = factOf(facts.roles);
  if (!found) return [];
  return unless(
    found.some(({ name, canLogin }) => name === DEFAULT_ROLE_NAMES.emitter && canLogin)
      ? []
      : [
          warning(
            id,
            `role "${DEFAULT_ROLE_NAMES.emitter}" does not exist: under that name nobody measures lag for the alarms`,
            'Did the bootstrap function run? Deploy again, or make the roles by hand: readfleet sql.',
          ),
        ],
    ok(id, `role "${DEFAULT_ROLE_NAMES.emitter}" is there`),
  );
}
