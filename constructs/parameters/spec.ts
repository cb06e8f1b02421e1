import type { EngineMajor } from '../environment/types/database';

/**
 * Whose parameter group it is: of instances, of a Multi-AZ DB cluster, or of an Aurora cluster. The first two are RDS for
 * PostgreSQL, with the same parameters; Aurora has an engine of its own.
 */
export type Flavour = 'instance' | 'cluster' | 'aurora';

/** Units in which RDS wants a size. `8kB` is a page of PostgreSQL. */
export type SizeUnit = 'B' | 'kB' | '8kB' | 'MB';
/** Units in which RDS wants a duration. */
export type DurationUnit = 'ms' | 's' | 'min';

/** Why RDS keeps a parameter to itself. */
export type FixedBecause = 'built-in' | 'files' | 'recovery' | 'logs' | 'safety' | 'developers';

/** What is known of any parameter. Whatever is left out is not so. */
interface Common {
  /** Takes effect after a restart only: RDS refuses `immediate` for it. */
  readonly static?: boolean;
  /** The first major version that has it, where that is not the oldest that RDS creates. */
  readonly since?: EngineMajor;
  /** The last major version that has it. */
  readonly until?: EngineMajor;
  /** The engine that has it, when it is one alone. */
  readonly only?: 'rds' | 'aurora';
  /** Where Aurora takes it otherwise. */
  readonly aurora?: {
    readonly static?: boolean;
    readonly min?: number;
    readonly max?: number;
    readonly special?: readonly number[];
    readonly fractions?: boolean;
  };
}

interface Ranged extends Common {
  /** In the unit of the parameter, as RDS counts. */
  readonly min: number;
  readonly max: number;
  /** Plain numbers that need no unit: 0, and -1 for "never" or "as PostgreSQL sees fit". */
  readonly special?: readonly number[];
}

interface Duration extends Ranged {
  readonly type: 'duration';
  readonly unit: DurationUnit;
  /** RDS counts it in fractions of the unit as well. */
  readonly fractions?: boolean;
}

/** How a parameter is written and sent. */
type Kind =
  | (Ranged & { readonly type: 'size'; readonly unit: SizeUnit })
  | Duration
  | (Ranged & { readonly type: 'integer' })
  | (Ranged & { readonly type: 'real' })
  /** `words` are what RDS wants for false and true, where that is not 0 and 1. */
  | (Common & { readonly type: 'boolean'; readonly words?: readonly [string, string] })
  | (Common & { readonly type: 'enum'; readonly values: readonly string[] })
  /** `toggle`: true and false are taken as well. */
  | (Common & { readonly type: 'list'; readonly values: readonly string[]; readonly toggle?: boolean })
  | (Common & { readonly type: 'text' });

/**
 * What is known of one parameter that can be set. Plain data, so that a generator can write it.
 *
 * Ranges are PostgreSQL's (`pg_settings.min_val`, `max_val`), narrowed to what RDS takes.
 */
export type ParameterSpec = Kind & {
  /** What it was up to a major version, where it was something else. */
  readonly earlier?: Kind & { readonly until: EngineMajor };
};

/** A parameter of PostgreSQL that RDS lets nobody set. */
export interface FixedSpec {
  readonly type: 'fixed';
  readonly because: FixedBecause;
  /** What to set instead. */
  readonly instead?: string;
}

/** What is known of a parameter, also of one that nobody can set: `type` is `fixed` then. */
export type CatalogueEntry = ParameterSpec | FixedSpec;

/** A parameter that is a number, of whatever. */
export type RangedSpec = Extract<ParameterSpec, { readonly min: number }>;
