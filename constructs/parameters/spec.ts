/** Units in which RDS wants a size. `8kB` is a page of PostgreSQL. */
export type SizeUnit = 'B' | 'kB' | '8kB' | 'MB';
/** Units in which RDS wants a duration. */
export type DurationUnit = 'ms' | 's' | 'min';

interface Common {
  /** Takes effect after a restart only: RDS refuses `immediate` for it. */
  readonly static: boolean;
}

interface Ranged extends Common {
  /** In the unit of the parameter, as RDS counts. */
  readonly min: number;
  readonly max: number;
  /** Plain numbers with a meaning of their own, as -1 for "never" or "as PostgreSQL sees fit". */
  readonly special?: readonly number[];
}

/**
 * What is known of one parameter. Plain data, so that a generator can write it.
 *
 * Ranges are PostgreSQL's (`pg_settings.min_val`, `max_val`), narrowed to what RDS takes.
 */
export type ParameterSpec =
  | (Ranged & { readonly type: 'size'; readonly unit: SizeUnit })
  | (Ranged & { readonly type: 'duration'; readonly unit: DurationUnit })
  | (Ranged & { readonly type: 'integer' })
  | (Ranged & { readonly type: 'real' })
  | (Common & { readonly type: 'boolean' })
  | (Common & { readonly type: 'enum'; readonly values: readonly string[] })
  | (Common & { readonly type: 'list'; readonly values: readonly string[] });
