/** Columns of a CloudWatch dashboard. */
export const COLUMNS = 24;

/** Where a widget is, in cells of the grid. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Something that has a size, and no place yet. */
export interface Sized {
  readonly height: number;
}

/**
 * Gives rows of widgets their places, row under row.
 *
 * Those of one row are as high as the highest of them, and share its columns alike; where that does not come out even, the first ones
 * are a column wider. An empty row takes no room.
 */
export function placed<Widget extends Sized>(rows: readonly (readonly Widget[])[]): readonly (Widget & Place)[] {
  let y = 0;
  return rows.flatMap((row) => {
    const height = Math.max(0, ...row.map((widget) => widget.height));
    const top = y;
    y += height;
    let x = 0;
    return row.map((widget, index) => {
      const width = Math.floor((COLUMNS + row.length - 1 - index) / row.length);
      const place = { x, y: top, width, height };
      x += width;
      return { ...widget, ...place };
    });
  });
}
