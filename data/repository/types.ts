import type { ReadOptions } from '../../lib';

/** The columns of a row. */
export type ColumnOf<Row> = keyof Row & string;

/** The columns that tell every row from every other: one, or several together. */
export type IdColumns<Row> = ColumnOf<Row> | readonly ColumnOf<Row>[];

/** What a row is asked for by: a value, or of an identifier of several columns an object with them. A whole row has them too. */
export type IdOf<Row, Id extends IdColumns<Row>> =
  Id extends ColumnOf<Row>
    ? NonNullable<Row[Id]>
    : Id extends readonly ColumnOf<Row>[]
      ? { readonly [Column in Id[number]]: NonNullable<Row[Column]> }
      : never;

type NamesOf<Id> = Id extends readonly (infer Name)[] ? Name : Id;

/** Columns that may be NULL. */
type Nullable<Row> = { [Column in ColumnOf<Row>]: null extends Row[Column] ? Column : never }[ColumnOf<Row>];

/** A row to insert: what has a default, or may be NULL, can be left out. `undefined` is left out. */
export type Insertable<Row, Defaulted extends ColumnOf<Row>> = {
  readonly [Column in Exclude<ColumnOf<Row>, Defaulted | Nullable<Row>>]: Row[Column];
} & { readonly [Column in Defaulted | Nullable<Row>]?: Row[Column] | undefined };

/** What an update sets. `undefined` leaves the column as it is, `null` sets NULL. An identifier stays what it is. */
export type Changes<Row, Id extends IdColumns<Row>> = {
  readonly [Column in Exclude<ColumnOf<Row>, NamesOf<Id>>]?: Row[Column] | undefined;
};

/** A column that is equal to the value, or to one of the list, or that is NULL. A column that is an array itself can be asked for NULL alone. */
export type Condition<Value> =
  NonNullable<Value> extends readonly unknown[] ? Extract<Value, null> : Value | readonly NonNullable<Value>[];

/** All of them must hold. */
export type Where<Row> = { readonly [Column in ColumnOf<Row>]?: Condition<Row[Column]> };

/** One column of an ORDER BY. */
export interface OrderColumn<Row> {
  readonly column: ColumnOf<Row>;
  /** @default "asc" */
  readonly direction?: 'asc' | 'desc';
  /** @default - PostgreSQL's own: `last` for "asc", `first` for "desc" */
  readonly nulls?: 'first' | 'last';
}

/** What a search may ask for beside its conditions: the order, how many rows, and whatever a read may ask for. */
export interface FindOptions<Row> extends ReadOptions {
  /**
   * What comes first, what decides among equals, and so on. An empty list: in whatever order PostgreSQL finds them.
   * @default - by the identifier, so that a limit cuts off the same rows on every replica
   */
  readonly orderBy?: readonly OrderColumn<Row>[];
  /**
   * Rows, 1 to 1000. There is no offset: for what comes after, see `readfleet/paging`.
   * @default 100
   */
  readonly limit?: number;
}

/** What a read of the latest may ask for. */
export type CriticalOptions = Omit<ReadOptions, 'consistency' | 'maxStalenessMs' | 'hedge' | 'rolloutKey'>;

/** A whole number; of a bigint column `pg` gives a text. */
export type Version = number | string | bigint;

/** On what condition a row is changed or deleted. If it does not hold: `READFLEET_STALE_VERSION`. */
export interface ChangeOptions {
  /** The version that the row must still have: what it had when it was read. */
  readonly version: Version;
}
