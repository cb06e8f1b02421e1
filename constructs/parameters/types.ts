import type { CATALOGUE } from './catalogue';
import type { CustomParameter } from './custom';
import type { ParameterSpec } from './spec';

/** A size as people write it: `'256MB'`, `'16 MB'`, `'1.5GB'`. Powers of 1024, as PostgreSQL counts. */
export type Size = `${number}${'' | ' '}${'B' | 'kB' | 'MB' | 'GB' | 'TB'}`;

/** A duration as people write it: `'30s'`, `'5 min'`. */
export type Duration = `${number}${'' | ' '}${'ms' | 's' | 'min' | 'h' | 'd'}`;

type Special<S> = S extends { readonly special: readonly (infer N)[] } ? N : never;

/** What may be written for a parameter of this kind. */
export type ValueOf<S extends ParameterSpec> =
  | Special<S>
  | (S extends { readonly type: 'size' }
      ? Size
      : S extends { readonly type: 'duration' }
        ? Duration
        : S extends { readonly type: 'integer' | 'real' }
          ? number
          : S extends { readonly type: 'boolean' }
            ? boolean
            : S extends { readonly type: 'enum'; readonly values: readonly (infer V)[] }
              ? V
              : S extends { readonly type: 'list'; readonly values: readonly (infer V)[] }
                ? readonly V[]
                : never);

/** Settings of PostgreSQL, by name, in human units. */
export type Parameters = {
  readonly [Name in keyof typeof CATALOGUE]?: ValueOf<(typeof CATALOGUE)[Name]> | CustomParameter;
};
