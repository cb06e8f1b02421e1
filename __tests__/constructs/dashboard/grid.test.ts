import fc from 'fast-check';
import { COLUMNS, type Place, placed } from '../../../constructs/dashboard/grid';

/** What of the grid is taken: each cell at most once, or this throws. */
function cells(places: readonly Place[]): Set<string> {
  const taken = new Set<string>();
  for (const { x, y, width, height } of places) {
    for (let column = x; column < x + width; column++) {
      for (let row = y; row < y + height; row++) {
        const cell = `${column},${row}`;
        if (taken.has(cell)) throw new Error(`Two widgets have the cell ${cell}`);
        taken.add(cell);
      }
    }
  }
  return taken;
}

const rows = fc.array(fc.array(fc.record({ height: fc.integer({ min: 1, max: 12 }) }), { maxLength: COLUMNS }));

test('no two widgets overlap, none leaves the grid, and no row leaves a gap', () => {
  fc.assert(
    fc.property(rows, (sizes) => {
      const places = placed(sizes);
      const heights = sizes.filter((row) => row.length > 0).map((row) => Math.max(...row.map(({ height }) => height)));

      expect(places).toHaveLength(sizes.flat().length);
      expect(cells(places).size).toBe(COLUMNS * heights.reduce((sum, height) => sum + height, 0));
      for (const { x, y, width, height } of places) {
        expect([x >= 0, y >= 0, width >= 1, height >= 1, x + width <= COLUMNS]).not.toContain(false);
      }
    }),
  );
});

test('a row of three is three of eight columns; one of five, four of five and one of four', () => {
  const widths = (count: number) =>
    placed([Array.from({ length: count }, () => ({ height: 1 }))]).map(({ width }) => width);

  expect(widths(3)).toEqual([8, 8, 8]);
  expect(widths(5)).toEqual([5, 5, 5, 5, 4]);
});

test('a widget keeps what it is', () => {
  expect(placed([[{ height: 2, name: 'lag' }]])).toEqual([{ name: 'lag', x: 0, y: 0, width: 24, height: 2 }]);
});
