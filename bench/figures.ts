import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';

const root = path.join(__dirname, '..');

/** One page of results: Markdown, and a picture beside it. */
export interface Figure {
  /** Of the files, without their ending. */
  readonly name: string;
  readonly title: string;
  /** The command that makes it again. */
  readonly command: string;
  /** Markdown, one paragraph or table each. */
  readonly sections: readonly string[];
  readonly svg?: string;
}

/** Writes a figure to `docs/figures`. */
export function writeFigure({ name, title, command, sections, svg }: Figure): void {
  const folder = path.join(root, 'docs', 'figures');
  mkdirSync(folder, { recursive: true });
  const picture = svg === undefined ? [] : [`![${title}](${name}.svg)`];
  const head = [`# ${title}`, `Made by \`${command}\`. Do not edit.`, ...picture];
  writeFileSync(path.join(folder, `${name}.md`), `${[...head, ...sections].join('\n\n')}\n`);
  if (svg !== undefined) writeFileSync(path.join(folder, `${name}.svg`), svg);
  console.log(`\nWritten: docs/figures/${name}.md${svg === undefined ? '' : ` and ${name}.svg`}`);
}

/** On what the figures were taken, in one line. */
export function machine(postgres: string): string {
  const cores = availableParallelism();
  return `Node ${process.versions.node}, PostgreSQL ${postgres}, client and servers on one machine with ${cores} cores.`;
}

/** The version of a package that the peers' lock file pins. */
export function peerVersion(name: string): string {
  const lock = JSON.parse(readFileSync(path.join(root, 'bench', 'peers', 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  return lock.packages[`node_modules/${name}`]?.version ?? 'of unknown version';
}
