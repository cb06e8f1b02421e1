import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readEnvironment } from '../../lib/config/environment';
import { FLEET_VARIABLES, LOGIN_VARIABLES, OPTION_VARIABLES, WITHOUT_EFFECT } from '../../lib/config/variables';
import { InvalidConfigError } from '../../lib/errors';
import { tableRows } from './table';

const text = readFileSync(path.join(__dirname, '../../docs/configuration.md'), 'utf8');
const URLS = { DATABASE_URL: 'postgresql://app:x@db/shop' };
const HOSTS = { DB_PRIMARY_HOST: 'db', DB_NAME: 'shop', DB_USERNAME: 'app', DB_PASSWORD: 'y', DB_REPLICA_1_HOST: 'a' };
const code = (cell = '') => cell.replace(/`/g, '');
const rows = tableRows(text, 'Variables').map(
  ([name, , option, example]) => [code(name), code(option), code(example)] as const,
);

function valueAt(value: unknown, where: string): unknown {
  return where.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}

test('every variable stands in the table, and no other', () => {
  const known = [...OPTION_VARIABLES.flatMap(({ names }) => names), ...FLEET_VARIABLES, ...LOGIN_VARIABLES];
  expect(rows.map(([name]) => name).sort()).toEqual([...known].sort());
});

test.each(rows)('%s: what the table has as an example is taken', (name, option, example) => {
  const around = name in HOSTS || /^DB_(PRIMARY|REPLICA)_/.test(name) ? HOSTS : URLS;
  const read = (variables: Record<string, string>) => readEnvironment({ ...around, ...variables });
  const set = read({ [name.replace('_n_', '_1_')]: example });
  if (option !== '') expect(valueAt(set.options, option)).toBeDefined();
  else if (!name.startsWith('PG')) expect(set.from).not.toEqual(name === 'DATABASE_URL' ? undefined : read({}).from);
});

test.each(OPTION_VARIABLES.flatMap(({ names, option }) => names.map((name) => [name, option])))(
  '%s: its option is the one of the table',
  (name, option) => {
    expect(rows.find(([row]) => row === name)?.[1]).toBe(option);
  },
);

test.each(Object.keys(WITHOUT_EFFECT))('%s stands among those without effect', (name) => {
  expect(text.slice(text.indexOf('Without effect'))).toContain(`\`${name}\``);
});

test('every sslmode is as the table says', () => {
  const rows = tableRows(text, 'URLs').map(([modes = '', is = '']) => ({ modes: modes.split(', ').map(code), is }));
  expect(rows.flatMap(({ modes }) => modes).sort()).toEqual(
    ['none', 'require', 'verify-ca', 'verify-full', 'no-verify', 'disable', 'prefer', 'allow'].sort(),
  );
  for (const { modes, is } of rows) {
    for (const mode of modes) {
      const query = mode === 'none' ? '' : `?sslmode=${mode}`;
      const read = () => readEnvironment({ DATABASE_URL: URLS.DATABASE_URL + query });
      if (is.startsWith('refused')) expect(read).toThrow(InvalidConfigError);
      else {
        const { from, options } = read();
        const tls = options.tls ?? ('tls' in from ? from.tls : undefined);
        const expected =
          is.startsWith('`verify-full`') && mode !== 'none' ? 'verify-full' : mode === 'no-verify' ? mode : 'disable';
        expect([mode, tls]).toEqual([mode, expected]);
      }
    }
  }
});

test('the message that it shows is the one that is told', () => {
  const [, shown] = /^```\n(environment variables: .*?)\n```/ms.exec(text) ?? [];
  expect(() =>
    readEnvironment({
      ...URLS,
      DATABASE_POOL_SIZE: 'many',
      DATABASE_REPLICA_URL: 'postgresql://app:x@blue/shop?ssl_mode=require',
      DATABASE_REPLICAS_URL: 'x',
    }),
  ).toThrow(expect.objectContaining({ message: shown }));
});
