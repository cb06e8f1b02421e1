/** What metrics measure, and the units that CloudWatch has it in. */
interface Units {
  readonly time: 'Seconds' | 'Milliseconds' | 'Microseconds';
  readonly size: 'Bytes';
  readonly share: 'Percent';
  readonly count: 'Count' | 'None';
}

export type Quantity = keyof Units;
/** E.g. `Seconds` or `Milliseconds` of a `time`. */
export type UnitOf<Q extends Quantity> = Units[Q];

/** How many of each make one of ours: a second, a byte, a percent, a piece. */
const PER_ONE: Readonly<Record<UnitOf<Quantity>, number>> = {
  Seconds: 1,
  Milliseconds: 1_000,
  Microseconds: 1_000_000,
  Bytes: 1,
  Percent: 1,
  Count: 1,
  None: 1,
};

/** So much of something, whatever unit a metric has it in: who writes a threshold cannot mistake milliseconds for seconds. */
export interface Amount<Q extends Quantity = Quantity> {
  readonly quantity: Q;
  /** In seconds, bytes, percent or pieces. */
  readonly value: number;
}

const GIB = 1024 ** 3;

export const seconds = (value: number): Amount<'time'> => ({ quantity: 'time', value });
export const minutes = (value: number): Amount<'time'> => seconds(value * 60);
/** To the byte: CloudWatch takes fractions, but nobody reads them. */
export const gibibytes = (value: number): Amount<'size'> => ({ quantity: 'size', value: Math.round(value * GIB) });
export const percent = (value: number): Amount<'share'> => ({ quantity: 'share', value });
export const pieces = (value: number): Amount<'count'> => ({ quantity: 'count', value });

/** The number that CloudWatch compares with: the one place where units are converted. */
export function inUnit<Q extends Quantity>(amount: Amount<Q>, unit: UnitOf<NoInfer<Q>>): number {
  return amount.value * PER_ONE[unit];
}
