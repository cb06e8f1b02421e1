import { distance } from './distance';

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
