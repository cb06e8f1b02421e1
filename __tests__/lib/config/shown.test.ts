import fc from 'fast-check';
import { findFleet } from '../../../lib/config/source';
import { FLEET_VARIABLES, OPTION_VARIABLES } from '../../../lib/config/variables';

const URL = 'postgresql://app:x@primary.example/shop';
const VARIABLES = [...OPTION_VARIABLES.flatMap(({ names }) => names), ...FLEET_VARIABLES].map((name) =>
  name.replace('_n_', '_1_'),
);
/** What belongs to a variable, so that it is read. */
const BESIDE: Readonly<Record<string, Record<string, string>>> = {
  DB_PRIMARY_PORT: { DB_PRIMARY_HOST: 'primary.example' },
  DB_REPLICA_1_PORT: { DB_REPLICA_1_HOST: 'blue.example' },
};

/** Ways to write a password where a URL, or something else, was asked for. */
const FORMS: readonly ((password: string) => string)[] = [
  (password) => `postgresql://app:${password}@db.example:5432/shop`,
  (password) => `postgres://app:${encodeURIComponent(password)}@db.example/shop`,
  (password) => `blue=postgresql://app:${password}@db.example/shop, green=postgresql://app:${password}@other/shop`,
  (password) => `mysql://app:${password}@db.example/shop`,
  (password) => `app:${password}@db.example/shop`,
  (password) => `postgresql://app@db.example/shop?password=a&${password}`,
  (password) => `host=db.example user=app password=${password}`,
  (password) => JSON.stringify({ version: 1, writer: { host: `postgresql://app:${password}@db`, port: 'x' } }),
];

/** All that anybody hears: messages, their causes, problems, warnings. */
async function toldOf(env: Record<string, string>): Promise<string> {
  try {
    return (await findFleet({ env }, {})).notes.join('\n');
  } catch (error) {
    const told: string[] = [];
    for (let cause = error; cause !== undefined; cause = (cause as Error).cause) {
      told.push(String(cause), JSON.stringify(cause));
    }
    return told.join('\n');
  }
}

test('whatever stands in whichever variable, a password is not told', async () => {
  const core = fc.stringMatching(/^[A-Z][0-9][A-Z0-9]{4}$/);
  const around = fc.string({ maxLength: 4, unit: fc.constantFrom(...'ab#/?@:%&=,[]{} ') });
  const form = fc.constantFrom(...FORMS);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...VARIABLES), form, core, around, around, async (name, write, secret, a, z) => {
      const env = { DATABASE_URL: URL, ...BESIDE[name], [name]: write(a + secret + z) };
      // Also in lower case, as a name is made of it.
      expect((await toldOf(env)).toLowerCase()).not.toContain(secret.toLowerCase());
    }),
    { numRuns: 2_000 },
  );
});

test('what holds no password is told as it stands', async () => {
  expect(await toldOf({ DATABASE_URL: URL, DATABASE_POOL_SIZE: 'a:b' })).toContain('got: "a:b"');
  expect(await toldOf({ DATABASE_URL: URL, READFLEET_FLEET: 'me@home' })).toContain('got: "me@home"');
  expect(await toldOf({ DATABASE_URL: URL, READFLEET_FLEET: 'me@home' })).toContain('Write me-home.');
});
