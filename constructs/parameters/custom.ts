/** When RDS applies a change: at once, or at the next restart. */
export type ApplyMethod = 'immediate' | 'pending-reboot';

const CUSTOM: unique symbol = Symbol.for('readfleet.custom-parameter') as never;

/** A parameter that goes to RDS as it was written, unchecked. */
export interface CustomParameter {
  readonly [CUSTOM]: true;
  /** In RDS's own unit, as text. */
  readonly value: string;
  readonly apply: ApplyMethod;
}

/**
 * A parameter outside of the catalogue, or a value that the catalogue refuses. Spread it among the others:
 *
 * `parameters: { work_mem: '16MB', ...custom('auto_explain.log_min_duration', '500', { apply: 'immediate' }) }`
 *
 * @param value in RDS's own unit: nothing is converted or checked, so a mistake shows at apply
 */
export function custom<Name extends string>(
  name: Name,
  value: string,
  options: { readonly apply: ApplyMethod },
): { readonly [K in Name]: CustomParameter } {
  const parameter: CustomParameter = { [CUSTOM]: true, value, apply: options.apply };
  return { [name]: parameter } as { readonly [K in Name]: CustomParameter };
}

/** Whether `value` came from `custom()`. */
export function isCustom(value: unknown): value is CustomParameter {
  return typeof value === 'object' && value !== null && (value as { [CUSTOM]?: unknown })[CUSTOM] === true;
}
