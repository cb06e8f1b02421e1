import type { SessionMember, SessionPrimary } from '../../../lib/session/session';
import { sighting } from '../../support/sightings';

export const PRIMARY: SessionPrimary = { timeline: 1 };
export const WRITES = 'behind the writes of the session';
export const READS = 'behind earlier reads of the session';

export interface Differing {
  readonly name?: string;
  readonly incarnation?: number;
  readonly provenAt?: number | undefined;
  readonly lsn?: bigint | undefined;
  readonly timeline?: number | undefined;
}

/** A replica of which nothing is proved, but for what is said. */
export function replica(differing: Differing = {}): Replica {
  const { name = 'blue', incarnation = 0, provenAt, ...seen } = differing;
  const proof = provenAt === undefined ? {} : { provenAt };
  return { name, incarnation, facts: { sighting: sighting(seen), ...proof } };
}

/** What changes of a member, on the same one. */
export type Replica = { -readonly [Key in keyof SessionMember]: SessionMember[Key] };

export function now(member: Replica, differing: Differing): Replica {
  const { incarnation, facts } = replica(differing);
  return Object.assign(member, { incarnation, facts });
}
