import { Testing } from 'cdktf';
import { type Environment, ReadFleetStack } from '../../../constructs';
import { testApp } from './app';

/** Attributes of one resource in Terraform's JSON. */
export type Attributes = Readonly<Record<string, unknown>> & { readonly lifecycle?: Readonly<Record<string, unknown>> };

export interface Synthesised {
  readonly text: string;
  readonly terraform: Readonly<Record<string, unknown>>;
  readonly provider: { readonly aws: readonly Attributes[] };
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly output: Readonly<Record<string, Attributes>>;
  readonly ephemeral: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  /** The one resource of this type and name. */
  one(type: string, name: string): Attributes;
}

/** The Terraform JSON of an environment's stack, with cdktf's validations run. */
export function synthesise(environment: Environment, options: { readonly offline?: boolean } = {}): Synthesised {
  const stack = new ReadFleetStack(testApp(), environment.name, { environment, ...options });
  return parse(Testing.synth(stack, true));
}

export function parse(text: string): Synthesised {
  const json = JSON.parse(text) as Omit<Synthesised, 'text' | 'one'>;
  return {
    ...json,
    text,
    one(type, name) {
      const found = json.resource[type]?.[name];
      if (!found)
        throw new Error(`There is no ${type}.${name}, but ${Object.keys(json.resource[type] ?? {}).join(', ')}`);
      return found;
    },
  };
}

/** Terraform's form of an expression within a text. */
export function tf(expression: string): string {
  return `\${${expression}}`;
}
