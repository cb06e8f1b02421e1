import { COMMANDS } from '../../cli/commands';
import { Interrupted } from '../../cli/io';
import { version } from '../../package.json';
import { readfleet } from './fake-io';

test.each([[['--help']], [['-h']], [['help']]])('%j lists the commands and the exit codes', async (args) => {
  const { code, out, err } = await readfleet(args);

  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const { name } of COMMANDS) expect(out).toContain(`\n  ${name} `);
  expect(out).toContain('Exit codes: 0 well, 1 something is not well, 2 wrong use, 3 cannot be found out');
});

test('without a command it tells the same, as wrong use', async () => {
  const { code, out, err } = await readfleet([]);

  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('Usage: readfleet <command> [options]');
});

describe.each(COMMANDS.map(({ name }) => name))('%s', (name) => {
  test.each([[[name, '--help']], [[name, '-h']], [['help', name]]])(
    '%j tells its usage and exit codes',
    async (args) => {
      const { code, out } = await readfleet(args);

      expect(code).toBe(0);
      expect(out).toContain(`readfleet ${name}: `);
      expect(out).toContain('Usage: readfleet ');
      expect(out).toContain('\nExit codes: 0 ');
    },
  );

  test('its help fits a wide terminal', async () => {
    const { out } = await readfleet([name, '--help']);

    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  });

  test('an option that it does not have is wrong use', async () => {
    const { code, out, err } = await readfleet([name, ...(name === 'contract' ? ['print'] : []), '--nonsense']);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(`There is no option --nonsense.\nSee: readfleet ${name} --help\n`);
  });
});

test('--version is that of the package', async () => {
  expect(await readfleet(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

test('an unknown command: what was meant', async () => {
  expect(await readfleet(['stauts'])).toEqual({
    code: 2,
    out: '',
    err: 'There is no command "stauts". Did you mean status? There are: status, doctor, alerts, sql, contract.\nSee: readfleet --help\n',
  });
});

test('an option before the command is told so', async () => {
  const { code, err } = await readfleet(['--json', 'status']);

  expect(code).toBe(2);
  expect(err).toContain('A command comes first, got: --json');
});

describe('an error that nobody expected', () => {
  const stdin = () => Promise.reject(new Error('the socket is on fire'));
  const args = ['contract', 'print', '--contract', '-'];

  test('is one line, without its stack', async () => {
    expect(await readfleet(args, { stdin })).toEqual({
      code: 3,
      out: '',
      err: 'readfleet: this should not have happened: the socket is on fire. READFLEET_DEBUG=1 tells where.\n',
    });
  });

  test('has its stack with READFLEET_DEBUG', async () => {
    const { err } = await readfleet(args, { stdin, env: { READFLEET_DEBUG: '1' } });

    expect(err).toMatch(/^Error: the socket is on fire\n {4}at /);
  });
});

describe('one that is ended', () => {
  const stdin = () => Promise.reject(new Interrupted());
  const args = ['contract', 'print', '--contract', '-'];

  test('by Ctrl-C says nothing, and 130', async () => {
    expect(await readfleet(args, { stdin })).toEqual({ code: 130, out: '', err: '' });
  });

  test('by a reader that has seen enough is no failure', async () => {
    const closed = AbortSignal.abort(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));

    expect((await readfleet(args, { stdin, signal: closed })).code).toBe(0);
  });
});
