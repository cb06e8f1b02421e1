import type { LagSource } from './source';

/**
 * For an endpoint behind which the server changes from question to question, as of a proxy: what one server says is not true of the next.
 *
 * Whoever answers is reachable, and of one role. Nothing is proved of its age: such a reader takes reads without a bound alone.
 */
export const none: LagSource = {
  name: 'none',
  sql: 'select pg_is_in_recovery() as recovering',
  toSighting(row, at) {
    const { recovering } = row as unknown as { readonly recovering: boolean };
    return { at, recovering, lsn: undefined, receiving: true, timeline: undefined };
  },
};
