/** Letters that may differ: more, and names that have nothing to do with each other meet. */
const MOST_LETTERS = 2;

/** The one of `known` that `name` was probably meant to be: at most two letters away, or the same words in another order. */
export function nearMiss(name: string, known: readonly string[]): string | undefined {
  const words = wordsOf(name);
  return known.find((other) => other !== name && (wordsOf(other) === words || distance(name, other) <= MOST_LETTERS));
}

function wordsOf(name: string): string {
  return name
    .toUpperCase()
    .split('_')
    .map((word) => word.replace(/S$/, ''))
    .sort()
    .join('_');
}

/** How many letters must be added, taken away or changed (Levenshtein), as far as that is worth knowing. */
function distance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > MOST_LETTERS) return MOST_LETTERS + 1;
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const cells = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const changed = (above[column - 1] as number) + (from[row - 1] === to[column - 1] ? 0 : 1);
      cells.push(Math.min((above[column] as number) + 1, (cells[column - 1] as number) + 1, changed));
    }
    above = cells;
  }
  return above[to.length] as number;
}
