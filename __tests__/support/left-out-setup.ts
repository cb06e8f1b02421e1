import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { chooseProviderSource, downloadProvider, findTerraform } from '../../terraform';
import { inCi } from './left-out';
import { keepFindings, type Tools } from './left-out-tools';

const PROJECT = resolve(__dirname, '..', '..');

/** Runs once, before jest reads the first test file. */
export default async function setup(): Promise<void> {
  keepFindings({
    terraform: await terraform(),
    chromium: program('Chromium', 'READFLEET_CHROMIUM', ['chromium', 'chromium-browser', 'google-chrome']),
    promtool: program('promtool, a part of Prometheus', 'READFLEET_PROMTOOL', ['promtool']),
    superuser: superuser(),
    lowest: lowest(),
  });
}

async function terraform(): Promise<Tools['terraform']> {
  const program = await findTerraform();
  if (program.kind === 'missing') return { ...program, title: 'Terraform' };
  const source = chooseProviderSource();
  // A packed provider is unpacked once rather than by each test: 700 MB every time.
  const ready = source.kind === 'configured' || (source.kind === 'mirror' && source.layout === 'unpacked');
  if (ready) return { kind: 'found', terraform: program, source };
  const title = "Terraform's AWS provider";
  // 150 MB over the network are a person's to grant; CI has granted everything.
  if (source.kind === 'registry' && !inCi()) return { kind: 'missing', title, reason: source.reason, fix: source.fix };
  try {
    const mirror = await downloadProvider({ terraform: program.path, source, project: PROJECT });
    if (mirror.kind === 'missing') return { ...mirror, title };
    return { kind: 'found', terraform: program, source: { ...mirror, kind: 'mirror' } };
  } catch (error) {
    const reason = (error as Error).message;
    return { kind: 'missing', title, reason, fix: 'Set READFLEET_TERRAFORM_MIRROR to the root of a mirror.' };
  }
}

/** A program that a variable names, or that is on the PATH, or that `npm run tools` has unpacked. */
function program(title: string, variable: string, names: readonly string[]): Tools['chromium'] {
  const named = process.env[variable];
  const folders = [...(process.env.PATH ?? '').split(delimiter), join(PROJECT, '.readfleet', 'tools')];
  const candidates = named ? [named] : names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const path = candidates.find(isProgram);
  if (path) return { kind: 'found', path };
  const reason = named ? `${variable} names no program: ${named}.` : `No ${names.join(' or ')} is on the PATH.`;
  return { kind: 'missing', title, reason, fix: `Install it (Debian: npm run tools), or set ${variable} to its path.` };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function superuser(): Tools['superuser'] {
  if (process.getuid?.() === 0) return { kind: 'found' };
  const reason = 'They start local fleets as root, whose servers must run as someone else.';
  return { kind: 'missing', title: 'root', reason, fix: 'Run npm test as root, in a container for instance.' };
}

function lowest(): Tools['lowest'] {
  const folder = join(PROJECT, '__tests__', 'adapters', 'lowest');
  const wanted = lock(join(folder, 'package-lock.json'));
  const installed = lock(join(folder, 'node_modules', '.package-lock.json'));
  const lacking = Object.keys(wanted).filter((path) => wanted[path] !== installed[path]);
  if (lacking.length === 0) return { kind: 'found' };
  return {
    kind: 'missing',
    title: 'the lowest versions of the ORMs that adapters take',
    reason: `${lacking.length} packages of __tests__/adapters/lowest are not installed.`,
    fix: 'Install them: npm run orms',
  };
}

/** The versions of the packages that every machine needs, by their place. */
function lock(file: string): Record<string, string | undefined> {
  if (!existsSync(file)) return {};
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
    packages: Record<string, { version?: string; optional?: boolean }>;
  };
  const needed = Object.entries(packages).filter(([path, { optional }]) => path !== '' && !optional);
  return Object.fromEntries(needed.map(([path, { version }]) => [path, version]));
}
