import { roles } from '../../../../cli/doctor/checks/roles';
import type { RoleRow } from '../../../../cli/doctor/facts';
import { DEPLOYED } from '../../folder';
import { but, butBasics, found, healthy, hidden, items, told, withContract } from '../facts';

const role = (given: Partial<RoleRow> = {}): RoleRow => ({
  name: 'app',
  canLogin: true,
  isSuperuser: false,
  connectionLimit: -1,
  ...given,
});
const withRoles = (all: RoleRow[], facts = healthy()) => but(facts, { primary: { roles: found(all) } });
const emitter = role({ name: 'readfleet_emitter' });

test.each([
  [[], 'not ok: role "app" of the contract does not exist'],
  [[role({ canLogin: false })], 'not ok: role "app" may not log in'],
  [[role()], 'ok: apps are role "app"'],
  [[role({ isSuperuser: true })], 'ok: apps are role "app", a superuser: this is a local fleet'],
])('the role of apps, %j', (all, text) => {
  expect(told(roles, withRoles(all), 'roles.app')).toEqual([text]);
});

test('a superuser of a deployed fleet', () => {
  const facts = withRoles([role({ isSuperuser: true }), emitter], healthy({ contract: DEPLOYED }));

  expect(told(roles, facts, 'roles.app')).toEqual([
    'warning: apps are role "app", a superuser: a mistake of theirs has no bounds',
  ]);
});

test.each([
  [{ tables: 0, unreadable: 0, unwritable: 0 }, 'ok: there are no tables yet'],
  [{ tables: 1, unreadable: 0, unwritable: 0 }, 'ok: role "app" reads and writes 1 table'],
  [{ tables: 4, unreadable: 0, unwritable: 1 }, 'ok: role "app" reads and writes 3 of 4 tables'],
  [{ tables: 4, unreadable: 0, unwritable: 4 }, 'ok: role "app" reads and writes none of 4 tables'],
  [{ tables: 4, unreadable: 2, unwritable: 4 }, 'warning: role "app" may not read 2 of 4 tables'],
])('rights %j', (rights, text) => {
  expect(told(roles, but(healthy(), { primary: { rights: found(rights) } }), 'roles.rights')).toEqual([text]);
});

test('rights that cannot be asked for', () => {
  expect(told(roles, but(healthy(), { primary: { rights: hidden('no such role') } }), 'roles.rights')).toEqual([
    'unknown: no such role',
  ]);
});

test('a role that does not see statistics is told how to', () => {
  const [item] = items(roles, butBasics(healthy(), 'primary', { seesOthers: false }), 'roles.statistics');

  expect(item).toMatchObject({ verdict: 'unknown', fix: expect.stringContaining('--user') });
  expect(item?.fix).not.toContain('readfleet_emitter');
  expect(
    items(roles, butBasics(healthy({ contract: DEPLOYED }), 'primary', { seesOthers: false }), 'roles.statistics')[0]
      ?.fix,
  ).toContain('readfleet_emitter');
});

test('on Aurora nothing needs them', () => {
  const facts = butBasics(healthy({ contract: withContract({ topology: 'aurora' }) }), 'primary', {
    seesOthers: false,
  });

  expect(told(roles, facts, 'roles.statistics')).toEqual([]);
});

test('who measures lag for the alarms of a deployed fleet', () => {
  const deployed = healthy({ contract: DEPLOYED });

  expect(told(roles, healthy(), 'roles.emitter')).toEqual([]);
  expect(told(roles, withRoles([role(), emitter], deployed), 'roles.emitter')).toEqual([
    'ok: role "readfleet_emitter" is there',
  ]);
  expect(told(roles, withRoles([role()], deployed), 'roles.emitter')).toEqual([
    expect.stringMatching(/^warning: role "readfleet_emitter" does not exist/),
  ]);
});
