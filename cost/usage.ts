import type { PriceKey } from './prices';

/** The average month that AWS's own calculator reckons with. */
export const HOURS_PER_MONTH = 730;

/** Parts of an estimate, in the order in which they are told. */
const PARTS = ['servers', 'storage', 'proxy', 'insights', 'watching', 'functions', 'network', 'keeping'] as const;
export type Part = (typeof PARTS)[number];

/** Something that is billed, before anyone asked what it costs. */
export interface Usage {
  readonly part: Part;
  /** E.g. `replica blue`. */
  readonly what: string;
  /** What of it, in a word: `db.r6g.xlarge`. */
  readonly detail?: string;
  readonly region: string;
  /** Undefined where it cannot be known, e.g. vCPUs of a class whose name does not tell. */
  readonly quantity: number | undefined;
  readonly unit: string;
  readonly price: PriceKey;
}

/** `1 zone`, `3 zones`. */
export function several(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
