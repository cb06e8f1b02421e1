import { z } from 'zod';
import { InvalidConfigError } from '../../lib';
import { formatProblems, problemsOf } from '../../lib/problems';
import { type Buckets, DEFAULT_BUCKETS, FLEET_LABELS, INSTRUMENTS } from './instruments';

/** How an app's fleets are measured. */
export interface MetricsOptions {
  /**
   * Values that the label `endpoint` may take, beside '' (reads without one) and `other` (all past this many). Endpoints that `connect()` was told of
   * come first, then they come as they are read.
   * @default 100
   */
  readonly maxEndpoints?: number;
  /** Upper bounds of buckets, in seconds, ascending. @default half a millisecond to 10 s; of decisions 10 µs to 100 ms */
  readonly buckets?: Partial<Buckets>;
  /** Labels that all metrics get, e.g. `{ service: 'shop' }`. @default none beside `fleet` and `environment` */
  readonly defaultLabels?: Readonly<Record<string, string>>;
}

/** {@link MetricsOptions} with every default filled in. */
export interface MetricsSettings {
  readonly maxEndpoints: number;
  readonly buckets: Buckets;
  readonly defaultLabels: Readonly<Record<string, string>>;
}

const OURS: ReadonlySet<string> = new Set([
  ...FLEET_LABELS,
  ...Object.values(INSTRUMENTS).flatMap(({ labels }) => labels),
]);

const bounds = z
  .array(z.number('Must be a number of seconds.').positive('Must be more than 0.'), 'Must be a list of seconds.')
  .min(1, 'Must have a bound.')
  .refine(
    (list) => list.every((bound, index) => index === 0 || bound > (list[index - 1] as number)),
    'Must grow from bound to bound.',
  );

const schema = z.object({
  maxEndpoints: z.int('Must be a whole number.').min(0, 'Must be 0 or more.').optional(),
  buckets: z
    .strictObject({ calls: bounds.optional(), statements: bounds.optional(), decisions: bounds.optional() })
    .optional(),
  defaultLabels: z
    .record(
      z
        .string()
        .regex(/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/, 'Prometheus takes letters, digits and _ for the name of a label.')
        .refine((name) => !OURS.has(name) && name !== 'le', 'The metrics have a label of that name of their own.'),
      z.string('Must be a text.'),
    )
    .optional(),
});

/**
 * @param of who was given them
 * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`, with every problem at once
 */
export function resolveMetricsOptions(options: MetricsOptions, of: string): MetricsSettings {
  const parsed = schema.safeParse(options);
  if (!parsed.success) {
    const problems = problemsOf(parsed.error, options, 'READFLEET_OPTIONS_INVALID');
    throw new InvalidConfigError('READFLEET_OPTIONS_INVALID', formatProblems(`${of} options`, problems), problems);
  }
  const { maxEndpoints = 100, buckets, defaultLabels = {} } = options;
  return { maxEndpoints, buckets: { ...DEFAULT_BUCKETS, ...buckets }, defaultLabels };
}
