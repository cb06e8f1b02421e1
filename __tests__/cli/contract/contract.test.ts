import { readfleet } from '../fake-io';
import { CONTRACT, DEPLOYED, folder } from '../folder';

const files = folder();
const file = files.write('fleet.json', { ...CONTRACT, somethingNew: true });
const invalid = files.write('invalid.json', { ...CONTRACT, fleet: 'Orders', writer: { name: 'primary', host: 'db' } });

describe('print', () => {
  test('is what this release reads, without the password', async () => {
    const { code, out } = await readfleet(['contract', 'print', '--contract', file]);

    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ ...CONTRACT, auth: { kind: 'password', user: 'app', password: '(hidden)' } });
  });

  test('shows the password to who asks for it', async () => {
    const { out } = await readfleet(['contract', 'print', '--contract', file, '--show-password']);

    expect(JSON.parse(out)).toEqual(CONTRACT);
  });

  test('hides nothing of a contract without one', async () => {
    const { out } = await readfleet(['contract', 'print', '--contract', '-'], {
      stdin: () => Promise.resolve(JSON.stringify(DEPLOYED)),
    });

    expect(JSON.parse(out)).toEqual(DEPLOYED);
  });
});

describe('validate', () => {
  test('a valid one is told in a line', async () => {
    expect(await readfleet(['contract', 'validate', file])).toEqual({
      code: 0,
      out: `${file}: valid: fleet orders/test, PostgreSQL 18, 2 replicas\n`,
      err: '',
    });
  });

  test('every problem of every file is told, and what is valid as well', async () => {
    const { code, out, err } = await readfleet(['contract', 'validate', invalid, file, invalid]);

    expect(code).toBe(1);
    expect(out).toContain(`${file}: valid`);
    expect(err.match(/invalid\.json: 2 problems/g)).toHaveLength(2);
    expect(err).toMatch(/READFLEET_CONTRACT_INVALID {2}fleet {2}got: "Orders"/);
    expect(err).toMatch(/READFLEET_CONTRACT_INVALID {2}writer\.port {2}got: nothing/);
  });

  test.each([['not JSON'], ['{"version": 9}']])('%j is invalid', async (text) => {
    expect((await readfleet(['contract', 'validate', '-'], { stdin: () => Promise.resolve(text) })).code).toBe(1);
  });

  test('a file that cannot be read is wrong use: nothing is known of what is in it', async () => {
    expect((await readfleet(['contract', 'validate', 'nowhere.json'])).code).toBe(2);
  });

  test('without a file it asks for one', async () => {
    expect(await readfleet(['contract', 'validate'])).toMatchObject({
      code: 2,
      err: 'Which contract? Name a file, or - for stdin.\nSee: readfleet contract --help\n',
    });
  });
});

describe('diff', () => {
  test('the same, in whatever order it is written', async () => {
    const { version, ...rest } = CONTRACT;
    const other = files.write('other-order.json', { ...rest, version });

    expect(await readfleet(['contract', 'diff', file, other])).toEqual({
      code: 0,
      out: 'The contracts are the same.\n',
      err: '',
    });
  });

  test('what differs, and what it means', async () => {
    const [blue] = CONTRACT.readers;
    const newer = files.write('newer.json', { ...CONTRACT, readers: [blue] });

    const { code, out } = await readfleet(['contract', 'diff', file, newer]);

    expect(code).toBe(1);
    expect(out).toBe(
      '- replica green  127.0.0.1:5434\n' +
        '    Apps let go of it when they read the contract again; reads under way there may end. Take it down after that.\n' +
        '\n' +
        '1 difference. Apps read a contract again at once where they watch it, else at their next start.\n',
    );
  });

  test('--json tells the same to programs', async () => {
    const newer = files.write('renamed.json', { ...CONTRACT, database: 'purchases' });

    const { code, out } = await readfleet(['contract', 'diff', file, newer, '--json']);

    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      same: false,
      changes: [
        {
          sign: '~',
          what: 'database',
          from: 'orders',
          to: 'purchases',
          means: expect.stringContaining('restart them'),
        },
      ],
    });
  });

  test.each([
    [['a.json'], 'Which two? Name two files: <from> <to>.'],
    [['-', '-'], 'Only one of the two can be stdin.'],
    [['a', 'b', 'c'], 'It takes no more than <from> <to>, got: c'],
  ])('%j: %s', async (args, message) => {
    const { code, err } = await readfleet(['contract', 'diff', ...args]);

    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

test.each([
  [[], 'What of it? One of: print, validate, diff'],
  [['valdate'], 'There is no "contract valdate". Did you mean validate?'],
  [['constructor'], 'There is no "contract constructor".'],
])('contract %j: %s', async (args, message) => {
  const { code, err } = await readfleet(['contract', ...args]);

  expect(code).toBe(2);
  expect(err).toContain(message);
});
