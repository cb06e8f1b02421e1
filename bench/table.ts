/** A table of texts: one header, and rows as long as it. The first column is for names, the others are for figures. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** For a terminal: names to the left, figures to the right. */
export function aligned({ header, rows }: Table): string {
  const widths = widthsOf([header, ...rows]);
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => padded(cell, widths, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** For a document, also aligned, so that it can be read and compared as text. */
export function markdown({ header, rows }: Table): string {
  const lines = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = widthsOf(lines).map((width) => Math.max(3, width));
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const [head = [], ...body] = lines;
  return [head, rule, ...body]
    .map((row) => `| ${row.map((cell, column) => padded(cell, widths, column)).join(' | ')} |`)
    .join('\n');
}

function widthsOf(lines: readonly (readonly string[])[]): number[] {
  const columns = Math.max(0, ...lines.map((line) => line.length));
  return Array.from({ length: columns }, (_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
}

function padded(cell: string, widths: readonly number[], column: number): string {
  const width = widths[column] ?? 0;
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
