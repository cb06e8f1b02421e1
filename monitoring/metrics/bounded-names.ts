import { toUSVString } from 'node:util';

/** What all names past the bound are called together. */
export const OTHER = 'other';

/** Characters, past which a name is cut. */
const LONGEST = 64;

/**
 * Values of a label that come from outside: at most `max` different ones, so that a name made of a request's data fills neither this process nor
 * Prometheus. First come, first served; all later ones are {@link OTHER}.
 *
 * @param onNew told of each value when it is made first, of {@link OTHER} as well
 */
export class BoundedNames {
  private readonly taken = new Set<string>();
  private overflowed = false;

  constructor(
    private readonly max: number,
    private readonly onNew: (name: string) => void = () => undefined,
  ) {}

  /** Its value for a label; '' for none. */
  of(name: string | undefined): string {
    if (name === undefined || name === '') return '';
    if (this.taken.has(name)) return name;
    // Half of a pair of surrogates would be written as any other half is: two names that are one, which Prometheus refuses.
    const clean = toUSVString(name.slice(0, LONGEST));
    if (this.taken.has(clean)) return clean;
    return this.taken.size < this.max ? this.take(clean) : this.takeOther();
  }

  private take(name: string): string {
    this.taken.add(name);
    this.onNew(name);
    return name;
  }

  private takeOther(): string {
    if (!this.overflowed) this.onNew(OTHER);
    this.overflowed = true;
    return OTHER;
  }
}
