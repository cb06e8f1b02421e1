/**
 * Looks at the package as those who install it will: its public surface, its reference, its weight, what is packed, whether its types and entries
 * resolve, and whether a fresh project can use each of them. Every check runs, also after a failed one.
 *
 *   npm run check:package
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkReports } from './package/api.mjs';
import { checkConsumer } from './package/consumer.mjs';
import { manifest, project } from './package/manifest.mjs';
import { checkSizes } from './package/size.mjs';
import { bin, check, failures, run } from './package/steps.mjs';

/** Files that no one who installs the package has a use for. */
const NOT_TO_SHIP = /(^|\/)(__tests__|bench|api|\.ci|\.readfleet|node_modules)\/|\.test\.|\.env|\.tfstate/;

const work = mkdtempSync(join(tmpdir(), 'readfleet-package-'));
try {
  await check('build', () => {
    run('npm', ['run', '--silent', 'build']);
  });
  await check('public surface', checkReports);
  await check('reference and documents', () => {
    run(bin('typedoc'), ['--options', 'typedoc.config.mjs']);
  });
  await check('weight', checkSizes);
  const tarball = await check('pack', pack);
  if (tarball) {
    const file = join(work, tarball);
    await check('publint', () => {
      run(bin('publint'), ['run', file, '--strict']);
    });
    // Types by the old `moduleResolution: node` (node10) do not read `exports`; Node itself always does. TypeScript 6
    // deprecates that setting, so it is told of `typesVersions` where the manifest has them, and let go otherwise.
    const profile = manifest.typesVersions ? [] : ['--profile', 'node16'];
    await check('types (attw)', () => {
      run(bin('attw'), [file, ...profile]);
    });
    await checkConsumer(file, join(work, 'consumer'));
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (failures() > 0) console.log(`\n${failures()} ${failures() === 1 ? 'check' : 'checks'} of the package failed.`);
process.exitCode = failures() > 0 ? 1 : 0;

/** @returns the name of the tarball */
function pack() {
  const output = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', work], project);
  const [packed] = Object.values(JSON.parse(output));
  const strays = packed.files.map(({ path }) => path).filter((path) => NOT_TO_SHIP.test(path));
  if (strays.length > 0) throw new Error(`These files must not be packed:\n  ${strays.join('\n  ')}`);
  return packed.filename;
}
