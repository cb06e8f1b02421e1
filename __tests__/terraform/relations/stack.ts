import type { Environment } from '../../../constructs';
import type { Relation } from '../../../terraform';

/** A synthesised stack, asked for what Terraform can be asked about. */
export class Stack {
  private readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

  constructor(json: string) {
    this.resource = (JSON.parse(json) as { resource: Stack['resource'] }).resource;
  }

  /** Addresses of all resources of a type. */
  all(type: string): readonly string[] {
    return Object.keys(this.resource[type] ?? {}).map((name) => `${type}.${name}`);
  }

  /** The address of the only resource of a type. */
  one(type: string): string {
    const [first, ...others] = this.all(type);
    if (!first || others.length > 0) throw new Error(`There are ${others.length + (first ? 1 : 0)} of ${type}.`);
    return first;
  }

  has(address: string): boolean {
    return this.said(address) !== undefined;
  }

  /** What the stack says of a resource: expressions, not values. */
  said(address: string): Readonly<Record<string, unknown>> | undefined {
    const [type = '', name = ''] = address.split('.');
    return this.resource[type]?.[name];
  }

  /** Every resource with an attribute, by type. */
  having(attribute: string): readonly string[] {
    return Object.keys(this.resource).flatMap((type) =>
      this.all(type).filter((address) => this.said(address)?.[attribute] !== undefined),
    );
  }
}

/** Relations of one subject. An environment without that subject has none. */
export type RelationsOf<E extends Environment = Environment> = (environment: E, stack: Stack) => readonly Relation[];

/** Whether one of several conditions holds. */
export function some(conditions: readonly string[]): string {
  return `anytrue([${conditions.join(', ')}])`;
}

/** Whether all of several conditions hold. */
export function every(conditions: readonly string[]): string {
  return `alltrue([${conditions.join(', ')}])`;
}

/** A text of Terraform's language. */
export function text(value: string): string {
  return JSON.stringify(value);
}
