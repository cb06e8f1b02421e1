/** A value within a fragment of SQL. The same object twice is one parameter. */
export interface Value {
  readonly value: unknown;
}

/** SQL and the values in it, before it is known how a driver writes parameters. */
export type Fragment = readonly (string | Value)[];

/** A template tag that makes SQL, such as `sql` of Drizzle, `sql` of Kysely, `Prisma.sql`: text between values, values become parameters. */
export type SqlTag<Sql> = (strings: TemplateStringsArray, ...values: never[]) => Sql;

/** Fragments as text with `$1`, `$2`, …, for `pg`. */
export class Numbered {
  private readonly numbers = new Map<Value, number>();

  /** @param values what stands before, `$1` first; values of fragments are added to it */
  constructor(readonly values: unknown[]) {}

  text(fragment: Fragment): string {
    return fragment.map((part) => (typeof part === 'string' ? part : `$${this.numberOf(part)}`)).join('');
  }

  private numberOf(value: Value): number {
    const known = this.numbers.get(value);
    if (known !== undefined) return known;
    const number = this.values.push(value.value);
    this.numbers.set(value, number);
    return number;
  }
}

/** A fragment in the words of a template tag. */
export function tagged<Sql>(tag: SqlTag<Sql>, fragment: Fragment): Sql {
  const strings: string[] = [''];
  const values: unknown[] = [];
  for (const part of fragment) {
    if (typeof part === 'string') strings.push(`${strings.pop()}${part}`);
    else {
      values.push(part.value);
      strings.push('');
    }
  }
  return tag(Object.assign(strings, { raw: strings }), ...(values as never[]));
}

/** Fragments one after the other, with a word between. */
export function joined(fragments: readonly Fragment[], between: string): Fragment {
  return fragments.flatMap((fragment, index) => (index === 0 ? fragment : [between, ...fragment]));
}
