/** How many letters must be added, taken away, changed, or swapped with their neighbour (optimal string alignment). */
export function distance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row += 1) {
    const cells = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const at = (up: number, left: number) => rows[row - up]?.[column - left] ?? 0;
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      cells.push(
        Math.min(
          at(1, 0) + 1,
          (cells[column - 1] ?? 0) + 1,
          at(1, 1) + (from[row - 1] === to[column - 1] ? 0 : 1),
          ...(swapped && row > 1 && column > 1 ? [at(2, 2) + 1] : []),
        ),
      );
    }
    rows.push(cells);
  }
  return rows[from.length]?.[to.length] ?? 0;
}
