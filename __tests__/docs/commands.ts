import { readFileSync } from 'node:fs';

/** A block of commands in a page. */
export interface Block {
  readonly language: 'sh' | 'sql';
  /** Of SQL: where it is to run, as its first line says. */
  readonly on: 'primary' | 'replica' | undefined;
  /** One each. */
  readonly commands: readonly string[];
}

/** The blocks of SQL and of a shell in a Markdown page, also those in lists. */
export function blocksOf(file: string): Block[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^( *)```(sh|sql)\n([\s\S]*?)\n\1```$/gm)].map(([, indent = '', language, body = '']) => {
    const lines = body.split('\n').map((line) => line.slice(indent.length));
    if (language === 'sh') return { language: 'sh', on: undefined, commands: shellCommands(lines) };
    const [head = '', ...rest] = lines;
    const on = /^-- on the (primary|replica)/.exec(head)?.[1] as Block['on'];
    if (on === undefined)
      throw new Error(`${file}: a block of SQL must begin with "-- on the primary" or "-- on the replica": ${head}`);
    return { language: 'sql', on, commands: statements(rest.join('\n')) };
  });
}

/** A backslash, or a pipe, at the end of a line goes on with the next one. */
function shellCommands(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .replace(/\\\n\s*/g, ' ')
    .replace(/\|\n\s*/g, '| ')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

function statements(text: string): string[] {
  return text
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter(Boolean);
}

/** What needs an account at AWS. */
export function needsAws(command: string): boolean {
  return /^(aws|npx cdktf) /.test(command);
}
