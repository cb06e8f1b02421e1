/** A table: one header, and rows as long as it. The first column is for names, to the left; the others are for figures, to the right. */
export interface Table {
  readonly header: readonly string[];
  /** Columns after the first that hold words, and stand left. @default none */
  readonly words?: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** For a terminal: names to the left, figures to the right. */
export function aligned(table: Table): string {
  const lines = [table.header, ...table.rows];
  const pad = padding(table, lines, 0);
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}

/** For a document, also aligned, so that it can be read and compared as text. */
export function markdown(table: Table): string {
  const lines = [table.header, ...table.rows].map((line) => line.map((cell) => cell.replaceAll('|', '\\|')));
  const pad = padding(table, lines, 3);
  const rule = table.header.map((_, column) => pad('', column).replaceAll(' ', '-'));
  const marked = rule.map((dashes, column) => (isWord(table, column) ? dashes : dashes.replace(/-$/, ':')));
  const [head = [], ...body] = lines.map((line) => line.map(pad));
  return [head, marked, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function padding(table: Table, lines: readonly (readonly string[])[], least: number) {
  const widths = table.header.map((_, column) => Math.max(least, ...lines.map((line) => line[column]?.length ?? 0)));
  return (cell: string, column: number) => {
    const width = widths[column] ?? 0;
    return isWord(table, column) ? cell.padEnd(width) : cell.padStart(width);
  };
}

function isWord({ header, words = [] }: Table, column: number): boolean {
  return column === 0 || words.includes(header[column] ?? '');
}
