import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { folderOf, type Versions, versionOf } from '../../worker';

const PROJECT = path.resolve(__dirname, '..', '..', '..', '..', '..');

/** A client that was generated. */
export interface Generated {
  /** Its sources, as an app has them. */
  readonly sources: string;
  /** The same in one CommonJS file beside them, with packages left outside. */
  readonly file: string;
}

/**
 * What `prisma generate` makes of a schema, with the packages of those versions; made once, and again when the schema or the version has changed.
 *
 * @param name   of its folder: `.readfleet/prisma/<name>`
 * @param schema path of a schema whose generator writes to `./generated`
 */
export function generateClient(name: string, schema: string, versions: Versions): Generated {
  const text = readFileSync(schema, 'utf8');
  const stamp = createHash('sha256')
    .update(`${versionOf('prisma', versions)}\n${text}`)
    .digest('hex')
    .slice(0, 16);
  const folder = path.join(folderOf(versions), '.readfleet', 'prisma', name);
  const home = path.join(folder, stamp);
  const made = { sources: path.join(home, 'generated'), file: path.join(folder, 'client.cjs') };
  if (!existsSync(home) || !isOf(made.file, stamp)) make(text, home, made.file, stamp, versions);
  return made;
}

/** By a name that another run has not, and then moved: several may want the same at once. */
function make(text: string, home: string, file: string, stamp: string, versions: Versions): void {
  const scratch = `${home}.${randomUUID()}`;
  mkdirSync(scratch, { recursive: true });
  try {
    const schema = path.join(scratch, 'schema.prisma');
    writeFileSync(schema, text);
    run(path.join(folderOf(versions), 'node_modules', '.bin', 'prisma'), ['generate', '--schema', schema], versions);
    const bundle = path.join(scratch, 'client.cjs');
    run(
      path.join(PROJECT, 'node_modules', '.bin', 'esbuild'),
      [
        path.join(scratch, 'generated', 'client.ts'),
        ...['--bundle', '--platform=node', '--format=cjs', '--packages=external', '--log-level=warning'],
        // jest has no `import()` in CommonJS.
        '--supported:dynamic-import=false',
        `--banner:js=// ${stamp}`,
        `--outfile=${bundle}`,
      ],
      versions,
    );
    renameSync(bundle, file);
    if (!existsSync(home)) renameSync(scratch, home);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function isOf(file: string, stamp: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').startsWith(`// ${stamp}`);
}

function run(program: string, args: readonly string[], versions: Versions): void {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folderOf(versions),
    encoding: 'utf8',
    env: {
      ...process.env,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      // Nothing here asks it anything, but without one Prisma wants to download it: any program that is there will do.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    },
  });
  if (status !== 0) throw new Error(`${path.basename(program)} ${args.join(' ')}:\n${stdout}${stderr}`);
}
