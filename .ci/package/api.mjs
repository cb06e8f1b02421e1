/**
 * The public surface of every entry of the package, as a text in `api/`, so that a change of it is seen in a diff. Reads `dist`.
 *
 *   npm run api               builds, and writes the reports
 *   npm run api -- --check    builds, and only tells whether they are as they should be
 *
 * What an entry exports is public unless it is marked `@internal`. A type that stands in a public signature is exported too, by this entry or by
 * another one: else users cannot name what they are given. And each of them has TSDoc: else users have its name alone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { entries, project } from './manifest.mjs';
import { undocumented } from './undocumented.mjs';

const require = createRequire(import.meta.url);
const ts = require('typescript');
const { CompilerState, Extractor, ExtractorConfig } = require('@microsoft/api-extractor');

const REPORTS = join(project, 'api');
const SUFFIX = '.api.md';

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const check = process.argv.includes('--check');
  try {
    console.log(check ? checkReports() : writeReports());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** @throws Error that says what differs, and how to bring the reports up to date */
export function checkReports() {
  const { reports, problems } = extract();
  const differing = [...reports].flatMap(([name, report]) => {
    return readReport(name) === report ? [] : [`api/${name}\n${changes(name, report)}`];
  });
  for (const name of stray(reports)) differing.push(`api/${name}: no entry of the package has this report.`);
  if (differing.length > 0) {
    problems.push(
      `The public surface of the package is not what the reports in api/ say:\n\n${differing.join('\n\n')}\n\n` +
        'If that is meant: npm run api, read the diff, and commit it with the change (docs/package.md says what may change in which release).',
    );
  }
  if (problems.length > 0) throw new Error(problems.join('\n\n'));
  return `${reports.size} reports are up to date.`;
}

function writeReports() {
  const { reports, problems } = extract();
  for (const name of stray(reports)) rmSync(join(REPORTS, name));
  let written = 0;
  for (const [name, report] of reports) {
    if (readReport(name) === report) continue;
    writeFileSync(join(REPORTS, name), report);
    console.log(`wrote   api/${name}`);
    written += 1;
  }
  if (problems.length > 0) throw new Error(problems.join('\n\n'));
  return `${reports.size} reports, ${written} written.`;
}

function readReport(name) {
  const file = join(REPORTS, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** The lines that differ, without the names of the two files. */
function changes(name, report) {
  if (readReport(name) === undefined) return 'There is none of this entry yet.';
  const { stdout, error } = spawnSync('diff', ['-U1', join(REPORTS, name), '-'], { input: report, encoding: 'utf8' });
  return error ? `(${error.message})` : stdout.split('\n').slice(2).join('\n').trimEnd();
}

function stray(reports) {
  return readdirSync(REPORTS).filter((name) => name.endsWith(SUFFIX) && !reports.has(name));
}

/** Every report by its file's name, and what is wrong with the surface itself. */
function extract() {
  const out = mkdtempSync(join(tmpdir(), 'readfleet-api-'));
  try {
    const configs = entries.map((entry) => [entry, configOf(entry, out)]);
    // One program for all of them: to read the declarations is most of the work.
    const compilerState = CompilerState.create(configs[0][1], {
      additionalEntryPoints: entries.map(({ types }) => types),
    });
    const exported = exportedSymbols(compilerState.program);
    const reports = new Map();
    const problems = new Set();
    const without = [];
    for (const [entry, config] of configs) {
      const elsewhere = new Set();
      extracted(entry, () =>
        Extractor.invoke(config, {
          compilerState,
          localBuild: true,
          messageCallback: (message) => {
            message.handled = true;
            if (message.logLevel !== 'error') return;
            const problem =
              message.messageId === 'ae-forgotten-export'
                ? judgeUnexported(message, compilerState.program, exported, elsewhere)
                : `${message.text} (${message.messageId})`;
            if (problem) problems.add(`${placeOf(message)}${problem}`);
          },
        }),
      );
      const name = nameOf(entry) + SUFFIX;
      const report = withoutThose(elsewhere, readFileSync(join(out, name), 'utf8'));
      reports.set(name, report);
      const names = undocumented(report);
      if (names.length > 0) without.push(`${entry.specifier}: ${names.join(', ')}`);
    }
    if (without.length > 0) {
      problems.add(
        `Public, and without TSDoc:\n\n${without.join('\n')}\n\n` +
          'Say where it is declared, in a sentence, what its name alone does not: what it is for, units, defaults. Of a function each overload has its own.',
      );
    }
    return { reports, problems: [...problems] };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** An error of API Extractor's own does not say where it is. */
function extracted({ specifier }, work) {
  try {
    work();
  } catch (error) {
    throw new Error(`${specifier}: API Extractor: ${error.message}`, { cause: error });
  }
}

function nameOf({ key }) {
  return key === '.' ? 'index' : key.slice(2);
}

function configOf(entry, out) {
  return ExtractorConfig.prepare({
    packageJsonFullPath: join(project, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: project,
      mainEntryPointFilePath: entry.types,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            lib: ['ES2023'],
            module: 'node16',
            strict: true,
            skipLibCheck: true,
            types: ['node'],
          },
          files: [entry.types],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: nameOf(entry) + SUFFIX,
        reportFolder: out,
        reportTempFolder: join(out, 'temporary'),
        // What a file keeps to itself, and its exports are made of: a change of it is a change of those.
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: {
          default: { logLevel: 'error' },
          // What is exported is public; `tsc` leaves out what is marked `@internal`.
          'ae-missing-release-tag': { logLevel: 'none' },
          // The report says it, beside the name.
          'ae-undocumented': { logLevel: 'none' },
          // TypeDoc follows the links, by the rules of editors, and fails where one leads nowhere.
          'ae-unresolved-link': { logLevel: 'none' },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
}

/** What the entries export, all of them together. */
function exportedSymbols(program) {
  const checker = program.getTypeChecker();
  const modules = entries.map(({ types }) => checker.getSymbolAtLocation(program.getSourceFile(types)));
  return new Set(
    modules.flatMap((module) => checker.getExportsOfModule(module)).map((symbol) => resolved(symbol, checker)),
  );
}

function resolved(symbol, checker) {
  return symbol.flags & ts.SymbolFlags.Alias
    ? checker.getAliasedSymbol(symbol)
    : checker.getExportSymbolOfSymbol(symbol);
}

/**
 * A type of a public signature that this entry does not export. It is well when another entry does (then the report has it there: its name goes to
 * `elsewhere`), or when its file keeps it to itself.
 *
 * @returns what is wrong, if anything
 */
function judgeUnexported({ text, sourceFilePath }, program, exported, elsewhere) {
  const [, name] = /^The symbol "(.+?)" needs/.exec(text);
  const checker = program.getTypeChecker();
  const inScope = checker.getSymbolsInScope(program.getSourceFile(sourceFilePath), ~0);
  // The second of one name gets a number, which is not in the file; and what the compiler inferred is not imported by its file.
  const written = name.replace(/_\d+$/, '');
  const found = [...inScope, ...exported].find((symbol) => symbol.name === written);
  if (!found)
    return `a public signature names ${name}, which no entry exports. Export it, or write it out where it is used.`;
  const symbol = resolved(found, checker);
  if (exported.has(symbol)) {
    elsewhere.add(name);
    return undefined;
  }
  // Of what is `typeof` this, nobody needs the name.
  if (!(symbol.flags & ts.SymbolFlags.Type)) return undefined;
  const [declaration] = symbol.declarations;
  const file = checker.getSymbolAtLocation(declaration.getSourceFile());
  if (!checker.getExportsOfModule(file).some((one) => resolved(one, checker) === symbol)) return undefined;
  return `a public signature names ${name}, which no entry exports, though its file does. Export it, or write it out where it is used.`;
}

function placeOf({ sourceFilePath, sourceFileLine }) {
  return sourceFilePath ? `${relative(project, sourceFilePath)}:${sourceFileLine}: ` : '';
}

/** The report is made of paragraphs: comments, then one declaration. */
function withoutThose(names, report) {
  const declares = /^(?:declare |abstract )*(?:class|const|enum|function|interface|namespace|type|let|var) ([\w$]+)/m;
  return report
    .split('\n\n')
    .filter((paragraph) => !names.has(declares.exec(paragraph)?.[1]))
    .join('\n\n');
}
