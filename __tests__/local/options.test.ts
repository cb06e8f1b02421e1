import { InvalidConfigError } from '../../lib/errors';
import { type LocalFleetOptions, startLocalFleet } from '../../local';

/** What startLocalFleet() refuses of these options: code, path and message of each problem. */
async function problemsOf(options: object): Promise<{ path: string; message: string }[]> {
  const error = await startLocalFleet(options as LocalFleetOptions).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InvalidConfigError)) throw new Error(`not refused: ${error}`);
  expect(error.code).toBe('READFLEET_LOCAL_OPTIONS');
  return error.problems.map(({ path, message }) => ({ path, message }));
}

test('all that is wrong is listed at once', async () => {
  const problems = await problemsOf({
    replicas: -1,
    version: 'latest',
    port: 70_000,
    dataDir: '',
    parameters: { work_mem: '4MB\nfsync = on', port: 5432, 'bad name': 1 },
    fleet: 'My Fleet',
    environment: '',
    database: '',
    onProgress: 'loud',
    replica: 2,
  });

  expect(problems.map((problem) => problem.path).sort()).toEqual([
    '',
    'dataDir',
    'database',
    'environment',
    'fleet',
    'onProgress',
    'parameters.bad name',
    'parameters.port',
    'parameters.work_mem',
    'port',
    'replicas',
    'version',
  ]);
});

test.each([
  ['more replicas than a fleet can have', 16, 'replicas', 'no more than 15'],
  ['half a replica', 1.5, 'replicas', '0 to 15, or a list'],
  ['a name with capitals', ['Blue'], 'replicas[0]', 'lower-case'],
  ['the name of the writer', ['primary'], 'replicas[0]', "the writer's name"],
  ['the same name twice', ['blue', 'blue'], 'replicas', 'twice'],
])('replicas: %s is refused', async (_, replicas, path, message) => {
  await expect(problemsOf({ replicas })).resolves.toEqual([{ path, message: expect.stringContaining(message) }]);
});

test.each([
  ['listen_addresses', '*', 'set by the fleet itself'],
  ['Hot_Standby', false, 'set by the fleet itself'],
  ['wal_level', 'minimal', 'Replicas need'],
  ['work_mem', Number.NaN, 'a text, a number, true or false'],
  ['work_mem', null, 'a text, a number, true or false'],
])('parameters: %s = %p is refused', async (name, value, message) => {
  await expect(problemsOf({ parameters: { [name]: value } })).resolves.toEqual([
    { path: `parameters.${name}`, message: expect.stringContaining(message) },
  ]);
});

test('a database that is a template of PostgreSQL is refused', async () => {
  await expect(problemsOf({ database: 'template1' })).resolves.toHaveLength(1);
});
