/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out of it: it does so when
 * node_modules is there while it writes the lock file, or when the registry does not serve them (npm/cli#4828). A lock
 * file with such gaps is refused by `npm ci`, and has no program for the people on those platforms.
 *
 * The entries carry no checksum, as it cannot be known here; npm adds it where it installs them.
 *
 *   npm run lock:complete             writes
 *   npm run lock:complete -- --check  only tells
 */
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const MACHINES = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = {};

for (const [at, found] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(found.optionalDependencies ?? {})) {
    const places = [`node_modules/${name}`, `${at}/node_modules/${name}`];
    if (places.some((place) => lock.packages[place])) continue;
    const entry = platformEntry(name, version, found.dev);
    if (entry) missing[places[0]] = entry;
    else console.log(`${name}: not a package of one platform; left as it is.`);
  }
}

const count = Object.keys(missing).length;
if (count === 0) {
  console.log('The lock file names the packages of every platform.');
} else if (process.argv.includes('--check')) {
  console.log(`The lock file lacks ${count} packages of other platforms: npm run lock:complete`);
  process.exitCode = 1;
} else {
  const packages = { ...lock.packages, ...missing };
  lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
  console.log(`Added ${count} packages of other platforms.`);
}

/** The names of such packages end in the platform they are for: `core-linux-x64-musl`. */
function platformEntry(name, version, dev) {
  const words = name.split('/').pop().split('-');
  const os = words.filter((word) => SYSTEMS.includes(word));
  const cpu = words.filter((word) => MACHINES.includes(word));
  if (os.length !== 1 || cpu.length !== 1 || !/^\d+\.\d+\.\d+/.test(version)) return undefined;
  const last = words.at(-1);
  const libc = last.startsWith('musl') ? ['musl'] : os[0] === 'linux' && last.startsWith('gnu') ? ['glibc'] : undefined;
  return { version, cpu, ...(dev ? { dev } : {}), ...(libc ? { libc } : {}), optional: true, os };
}
