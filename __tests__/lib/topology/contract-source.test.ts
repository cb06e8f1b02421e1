import { spawn } from 'node:child_process';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type FleetContract, readContractFile } from '../../../lib/contract';
import { type ContractSource, ContractWatch, type ContractWatchOptions } from '../../../lib/topology/contract-source';
import { eventually } from '../../support/eventually';
import { ManualClock, settle } from '../../support/manual-clock';
import { reachableDirectory } from '../../support/reachable-directory';

function contract(fleet = 'orders'): FleetContract {
  return {
    ...{ version: 1, fleet, environment: 'dev', topology: 'instances', engine: { major: 18 }, database: 'app' },
    ...{ auth: { kind: 'iam', user: 'app' }, tls: 'verify-full', readers: [] },
    ...{
      writer: { name: 'primary', host: 'primary.test', port: 5_432 },
      lag: { warningSeconds: 1, criticalSeconds: 5 },
    },
  } as FleetContract;
}

const textOf = (fleet: string) => JSON.stringify(contract(fleet));

let watches: ContractWatch[] = [];
let fleets: string[] = [];
let errors: (Error & { code?: string })[] = [];

beforeEach(() => {
  fleets = [];
  errors = [];
});

afterEach(() => {
  for (const watch of watches) watch.stop();
  watches = [];
});

function watchOf(source: ContractSource, options: Partial<ContractWatchOptions> = {}): ContractWatch {
  const watch = new ContractWatch(source, {
    onContract: ({ fleet }) => void fleets.push(fleet),
    onError: (error) => void errors.push(error),
    ...options,
  });
  watches.push(watch);
  return watch;
}

describe('a file', () => {
  let directory: string;
  let file: string;

  beforeEach(async () => {
    directory = await reachableDirectory();
    file = path.join(directory, 'fleet.json');
    await writeFile(file, textOf('one'));
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** Watches `file`, of which `one` is held. Without the clock's help: what is seen was told by the system. */
  async function watching(options: Partial<ContractWatchOptions> = {}): Promise<ContractWatch> {
    const watch = watchOf({ file, watch: true }, { current: contract('one'), refreshMs: 600_000, ...options });
    watch.start();
    // The first look is over, so nothing that is written from now on is found by it.
    await watch.check();
    return watch;
  }

  const sees = (...names: string[]) => eventually(() => expect(fleets).toEqual(names));
  const fails = (...codes: string[]) => eventually(() => expect(errors.map(({ code }) => code)).toEqual(codes));

  test('that is written in place is seen', async () => {
    await watching();
    await writeFile(file, textOf('two'));
    await sees('two');
  });

  test('that is replaced by a rename is seen, and the one that replaces that as well', async () => {
    await watching();
    for (const name of ['two', 'three']) {
      await writeFile(`${file}.new`, textOf(name));
      await rename(`${file}.new`, file);
      await eventually(() => fleets.at(-1) === name);
    }
    expect(fleets).toEqual(['two', 'three']);
  });

  test('behind a link whose target is swapped, as Kubernetes does it, is seen each time', async () => {
    const mounted = path.join(directory, 'mounted');
    const put = async (name: string) => {
      await mkdir(path.join(mounted, `..${name}`), { recursive: true });
      await writeFile(path.join(mounted, `..${name}`, 'fleet.json'), textOf(name));
      await symlink(`..${name}`, path.join(mounted, '..data_tmp'));
      await rename(path.join(mounted, '..data_tmp'), path.join(mounted, '..data'));
    };
    await put('one');
    file = path.join(mounted, 'fleet.json');
    await symlink(path.join('..data', 'fleet.json'), file);
    await watching();

    await put('two');
    await sees('two');
    await rm(path.join(mounted, '..one'), { recursive: true });
    await put('three');
    await sees('two', 'three');
    expect(errors).toEqual([]);
  });

  test('that is cut to nothing and then written: the old contract stays until the new one is whole', async () => {
    await watching();
    await writeFile(file, '');
    await fails('READFLEET_CONTRACT_INVALID');
    await writeFile(file, textOf('two').slice(0, 40));
    await fails('READFLEET_CONTRACT_INVALID', 'READFLEET_CONTRACT_INVALID');
    expect(fleets).toEqual([]);
    await writeFile(file, textOf('two'));
    await sees('two');
    expect(errors).toHaveLength(2);
  });

  test('that is JSON and no contract is told with its problems', async () => {
    await watching();
    await writeFile(file, '{"version":1}');
    await fails('READFLEET_CONTRACT_INVALID');
    expect(errors[0]?.message).toContain(file);
    expect(fleets).toEqual([]);
  });

  test('that is deleted and comes back: told once, and its contract is taken again when it says something new', async () => {
    const watch = await watching();
    await rm(file);
    await fails('READFLEET_CONTRACT_UNREADABLE');
    expect(errors[0]?.message).toContain('The one of before stays in force');
    await watch.check();
    expect(errors).toHaveLength(1);

    await writeFile(file, textOf('one'));
    await watch.check();
    expect(fleets).toEqual([]);
    await writeFile(file, textOf('two'));
    await sees('two');
    await rm(file);
    await fails('READFLEET_CONTRACT_UNREADABLE', 'READFLEET_CONTRACT_UNREADABLE');
  });

  test('whose text is another and says the same is nothing new', async () => {
    const watch = await watching();
    const { fleet, ...rest } = contract('one');
    await writeFile(file, JSON.stringify({ ...rest, fleet, comment: 'new' }, null, 4));
    await watch.check();
    await writeFile(file, textOf('two'));
    await sees('two');
    expect(errors).toEqual([]);
  });

  test('is looked at by the clock where the system tells nothing', async () => {
    const clock = new ManualClock();
    // What is in another directory than the link is not watched.
    const link = path.join(await reachableDirectory(), 'link.json');
    await symlink(file, link);
    const watch = watchOf({ file: link, watch: true }, { current: contract('one'), clock });
    watch.start();
    await watch.check();
    await writeFile(file, textOf('two'));
    await eventually(() => clock.timers === 1);

    await clock.advance(4_999);
    await eventually(() => clock.timers === 1);
    expect(fleets).toEqual([]);
    await clock.advance(1);
    await sees('two');
    await rm(path.dirname(link), { recursive: true });
  });

  test('whose directory is replaced is found by the clock, and watched from then on', async () => {
    const clock = new ManualClock();
    const moved = path.join(directory, 'inner');
    await mkdir(moved);
    file = path.join(moved, 'fleet.json');
    await writeFile(file, textOf('one'));
    await watching({ clock, refreshMs: 1_000 });
    await eventually(() => clock.timers > 0);
    await rename(moved, `${moved}.old`);
    await mkdir(moved);
    await writeFile(file, textOf('two'));
    await eventually(async () => {
      await clock.advance(1_000);
      expect(fleets).toEqual(['two']);
    });
    // From here on the clock goes on by less than a look takes to come.
    await eventually(() => clock.timers === 1);
    await writeFile(file, textOf('three'));
    await eventually(async () => {
      await clock.advance(1);
      expect(fleets).toEqual(['two', 'three']);
    });
  });

  test('in a directory that is missing is told, and taken when it comes', async () => {
    const clock = new ManualClock();
    file = path.join(directory, 'later', 'fleet.json');
    await watching({ clock, refreshMs: 1_000 });
    expect(errors.map(({ code }) => code)).toEqual(['READFLEET_CONTRACT_UNREADABLE']);
    await mkdir(path.dirname(file));
    await writeFile(file, textOf('two'));
    await eventually(async () => {
      await clock.advance(1_000);
      expect(fleets).toEqual(['two']);
    });
  });

  test('is looked at once for many changes in a row', async () => {
    const clock = new ManualClock();
    const watch = await watching({ clock });
    await eventually(() => clock.timers === 1);
    const check = jest.spyOn(watch, 'check');
    for (let turn = 0; turn < 5; turn += 1) await writeFile(file, textOf(`two-${turn}`));
    await eventually(() => clock.timers === 2);
    await settle();
    expect(check).not.toHaveBeenCalled();
    await clock.advance(50);
    await sees('two-4');
  });

  test('that is not to be watched is left alone', async () => {
    const clock = new ManualClock();
    const watch = watchOf({ file }, { clock });
    watch.start();
    await settle();
    expect(fleets).toEqual([]);
    await watch.check();
    expect([clock.timers, fleets]).toEqual([0, ['one']]);
  });

  test('is left alone once it is stopped, with no timer left', async () => {
    const clock = new ManualClock();
    const watch = await watching({ clock });
    await eventually(() => clock.timers === 1);
    await writeFile(file, textOf('two'));
    await eventually(() => clock.timers === 2);
    watch.stop();
    watch.stop();
    expect(clock.timers).toBe(0);
    await writeFile(file, textOf('three'));
    await watch.check();
    await clock.advance(600_000);
    expect([clock.timers, fleets]).toEqual([0, []]);
  });

  test('that is being read when the watch is stopped is not told, nor watched on', async () => {
    const clock = new ManualClock();
    const watch = watchOf({ file, watch: true }, { clock });
    watch.start();
    const looked = watch.check();
    watch.stop();
    await looked;
    await settle();
    expect([clock.timers, fleets]).toEqual([0, []]);
  });

  test('keeps no process alive', async () => {
    const script = `
      const { ContractWatch } = require('./lib/topology/contract-source');
      const quiet = { onContract: () => console.log('seen'), onError: (error) => console.log(error.message) };
      new ContractWatch({ file: ${JSON.stringify(file)}, watch: true }, quiet).start();
      new ContractWatch(async () => ({}), quiet).start();`;
    const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], {
      cwd: path.join(__dirname, '..', '..', '..'),
    });
    const told: string[] = [];
    child.stdout.on('data', (data) => told.push(String(data)));
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(told.join('')).toBe('seen\n');
  });
});

describe('a function', () => {
  test('is called each time after its time, and what it returns is told when it says something new', async () => {
    const clock = new ManualClock();
    const answers = ['one', 'two', 'two', 'three'];
    const source = jest.fn(async () => contract(answers.shift()));
    watchOf(source, { clock, current: contract('one') }).start();

    await clock.advance(29_999);
    expect(source).not.toHaveBeenCalled();
    await clock.advance(1);
    expect([source.mock.calls.length, fleets]).toEqual([1, []]);
    await clock.advance(90_000);
    expect([source.mock.calls.length, fleets]).toEqual([4, ['two', 'three']]);
  });

  test('need not be asynchronous', async () => {
    await watchOf(() => contract('two')).check();
    expect(fleets).toEqual(['two']);
  });

  test('that fails, or returns no contract, is told each time, and asked again', async () => {
    const clock = new ManualClock();
    const answers: (() => FleetContract)[] = [
      () => {
        throw new Error('no network');
      },
      () => ({ version: 1 }) as FleetContract,
      () => {
        throw 'a text';
      },
      () => contract('two'),
    ];
    watchOf(() => (answers.shift() as () => FleetContract)(), { clock, refreshMs: 10 }).start();
    await clock.advance(40);
    expect(errors.map(({ message }) => message)).toEqual([
      'no network',
      expect.stringMatching(/^the fleet contract that the source function returned: \d+ problems/),
      'a text',
    ]);
    expect(fleets).toEqual(['two']);
  });

  test('is not called again while it has not answered', async () => {
    const clock = new ManualClock();
    let answer: (value: FleetContract) => void = () => undefined;
    const source = jest.fn(() => new Promise<FleetContract>((resolve) => (answer = resolve)));
    const watch = watchOf(source, { clock, refreshMs: 10 });
    watch.start();
    await clock.advance(100);
    const checked = watch.check();
    expect(source).toHaveBeenCalledTimes(1);

    answer(contract('two'));
    await eventually(() => source.mock.calls.length === 2);
    answer(contract('three'));
    await checked;
    expect(fleets).toEqual(['two', 'three']);
  });

  test('is asked again when that was asked for as the last look ended', async () => {
    const answers = ['one', 'two'];
    const watch: ContractWatch = watchOf(() => contract(answers.shift()), {
      onContract: ({ fleet }) => {
        fleets.push(fleet);
        if (fleet === 'one') void watch.check();
      },
    });
    await watch.check();
    expect(fleets).toEqual(['one', 'two']);
  });

  test('whose contract could not be taken: that is told, and the next one is', async () => {
    const answers = ['one', 'two'];
    const watch = watchOf(() => contract(answers.shift()), {
      onContract: async ({ fleet }) => {
        if (fleet === 'one') throw new Error('refused');
        fleets.push(fleet);
      },
    });
    await watch.check();
    await watch.check();
    expect([errors.map(({ message }) => message), fleets]).toEqual([['refused'], ['two']]);
  });

  test('that fails after it was stopped is not told', async () => {
    let fail: (error: Error) => void = () => undefined;
    const watch = watchOf(() => new Promise<FleetContract>((_, reject) => (fail = reject)));
    const checked = watch.check();
    watch.stop();
    fail(new Error('late'));
    await checked;
    expect(errors).toEqual([]);
  });

  test('is not asked any more once it is stopped, and what it answers then is not told', async () => {
    const clock = new ManualClock();
    let answer: (value: FleetContract) => void = () => undefined;
    const source = jest.fn(() => new Promise<FleetContract>((resolve) => (answer = resolve)));
    const watch = watchOf(source, { clock, refreshMs: 10 });
    watch.start();
    await clock.advance(10);
    watch.stop();
    answer(contract('two'));
    await clock.advance(100);
    await watch.check();
    expect([source.mock.calls.length, clock.timers, fleets, errors]).toEqual([1, 0, [], []]);
  });
});

test('a contract that was held is compared with what a file says', async () => {
  const directory = await reachableDirectory();
  const file = path.join(directory, 'fleet.json');
  await writeFile(file, textOf('one'));
  const watch = watchOf({ file, watch: true }, { current: await readContractFile(file) });
  await watch.check();
  await rm(directory, { recursive: true });
  expect([fleets, errors]).toEqual([[], []]);
});
