import { distance } from '../lib/config/distance';

/** The one of `known` that was probably meant by `text`: at most two letters away, or begun like it. */
export function suggest(text: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((name) => ({ name, away: name.startsWith(text) && text.length > 1 ? 1 : distance(text, name) }))
    .sort((one, other) => one.away - other.away);
  return nearest !== undefined && nearest.away <= Math.min(2, text.length - 1) ? nearest.name : undefined;
}
