/** `0.02 s`, `3 min`, `2.5 h`, `4 days`; what is more than is remembered has no number. */
export function secondsText(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'longer than watched';
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  if (seconds < 7_200) return `${(seconds / 60).toFixed(0)} min`;
  if (seconds < 172_800) return `${(seconds / 3_600).toFixed(1)} h`;
  return `${(seconds / 86_400).toFixed(0)} days`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `1 replica`, `2 replicas`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
