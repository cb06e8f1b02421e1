/** One cell; `paint` colours what is written, and is not counted as width. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string };

export interface Column {
  readonly head: string;
  /** @default "left" */
  readonly align?: 'left' | 'right';
}

/** Rows under a head, as lines. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string[] {
  const all: readonly (readonly Cell[])[] = [columns.map(({ head }) => head), ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => textOf(row[index]).length)));
  return all.map((row) =>
    columns
      .map(({ align }, index) => {
        const cell = row[index] ?? '';
        const text = textOf(cell);
        const space = ' '.repeat((widths[index] ?? 0) - text.length);
        const painted = typeof cell === 'string' ? cell : cell.paint(cell.text);
        if (align === 'right') return space + painted;
        return index === columns.length - 1 ? painted : painted + space;
      })
      .join('  ')
      .trimEnd(),
  );
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === 'object' ? cell.text : (cell ?? '');
}
