import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { renderParameters } from '../../../constructs/parameters/generate';
import { entriesFrom } from '../../../constructs/parameters/generate/entries';
import { PRELOADED, type Setting, specOfSetting } from '../../../constructs/parameters/generate/settings';
import { startLocalFleet } from '../../../local';

test('the checked-in catalogue is what a real server and the tables give', async () => {
  const fleet = await startLocalFleet({ replicas: 0, parameters: { shared_preload_libraries: PRELOADED.join(',') } });
  try {
    const { auth, database, writer } = fleet.contract;
    if (auth.kind !== 'password') throw new Error('a local fleet has a password');
    const client = new Client({ ...writer, database, user: auth.user, password: auth.password });
    await client.connect();
    const files = await renderParameters((sql) => client.query(sql));
    await client.end();

    expect(Object.keys(files)).toEqual(['catalogue.generated.ts', 'parameters.generated.ts']);
    for (const [name, text] of Object.entries(files)) {
      expect(text).toBe(readFileSync(join(__dirname, '../../../constructs/parameters', name), 'utf8'));
    }
  } finally {
    await fleet.stop();
  }
});

function setting(changes: Partial<Setting>): Setting {
  return {
    name: 'x',
    unit: null,
    vartype: 'integer',
    context: 'sighup',
    min_val: '0',
    max_val: '10',
    enumvals: null,
    category: 'Resource Usage / Memory',
    short_desc: 'X.',
    ...changes,
  };
}

test.each<[string, Partial<Setting>, object]>([
  ['a number', { min_val: '-15', max_val: '3' }, { type: 'integer', min: -15, max: 3 }],
  ['a real number', { vartype: 'real', max_val: '1e+06' }, { type: 'real', min: 0, max: 1_000_000 }],
  [
    'pages, with 0 and -1 as numbers of their own',
    { unit: '8kB', min_val: '-1' },
    { type: 'size', unit: '8kB', min: 0, max: 10, special: [-1, 0] },
  ],
  ['seconds', { unit: 's', min_val: '1' }, { type: 'duration', unit: 's', min: 1, max: 10 }],
  [
    'milliseconds with fractions',
    { unit: 'ms', vartype: 'real' },
    { type: 'duration', unit: 'ms', fractions: true, min: 0, max: 10, special: [0] },
  ],
  ['a flag that needs a restart', { vartype: 'bool', context: 'postmaster' }, { type: 'boolean', static: true }],
  ['one of some words', { vartype: 'enum', enumvals: ['on', 'off'] }, { type: 'enum', values: ['on', 'off'] }],
  ['a text', { vartype: 'string' }, { type: 'text' }],
])("PostgreSQL's %s becomes what is known of it", (_, changes, spec) => {
  expect(specOfSetting(setting(changes))).toEqual(spec);
});

test('a unit that nobody knows ends the generation', () => {
  expect(() => specOfSetting(setting({ unit: 'fortnights' }))).toThrow('fortnights');
});

test('a table that names what nothing else knows ends the generation', () => {
  expect(() => entriesFrom(new Map())).toThrow(/A table says something of \w+, which is no parameter/);
});
