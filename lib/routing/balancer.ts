import type { Load } from './load';

/** What a balancer sees of a member. */
export interface Balanced {
  readonly name: string;
  /** Its share of the reads relative to the others', as of now: less than configured while it starts slowly. More than 0. */
  readonly weight: number;
  readonly load: Load;
  readonly zone: string | undefined;
}

/** Chooses who serves a read among members that all may. */
export interface Balancer {
  /**
   * On the path of every read: allocates nothing, and takes well under a microsecond.
   *
   * @param candidates never empty; not to be kept: the array is used again
   * @param now        monotonic milliseconds
   */
  choose<M extends Balanced>(candidates: readonly M[], now: number): M;
}
