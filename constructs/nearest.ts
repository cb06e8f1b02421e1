/**
 * The known name that a misspelt one most likely meant, or none when nothing is near.
 *
 * Case and separators count for nothing, since `multiAZ`, `multi_az` and `multiAz` are the usual slips.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const wanted = plain(word);
  // A third of the letters may be wrong: beyond that a suggestion misleads more than it helps.
  const tolerance = Math.max(1, Math.floor(wanted.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const name of known) {
    const distance = editDistance(wanted, plain(name));
    if (distance <= tolerance && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

/** `Did you mean "x"?`, or all that is known when nothing is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  if (near) return `Did you mean "${near}"?`;
  return known.length === 0 ? 'Leave it out.' : `Known here: ${known.join(', ')}.`;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[-_.\s]/g, '');
}

/** Levenshtein's distance: insertions, deletions and substitutions, each worth one. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
