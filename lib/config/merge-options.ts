import type { ConnectOptions, EndpointOptions } from '../options';

type Group = Readonly<Record<string, unknown>>;

/** Endpoints without a switch of their own, and reads that name none. */
export const EVERY_OTHER = '*';

/** Options of the code over those of the environment: what the code says wins, field by field. */
export function mergeOptions(environment: ConnectOptions, code: ConnectOptions): ConnectOptions {
  const merged: Record<string, unknown> = { ...environment };
  for (const [name, value] of Object.entries(code)) {
    if (value === undefined) continue;
    merged[name] = isGroup(value) && isGroup(merged[name]) ? over(merged[name], value) : value;
  }
  const endpoints = mergeEndpoints(environment.endpoints ?? {}, code.endpoints ?? {});
  return Object.keys(endpoints).length > 0 ? { ...merged, endpoints } : merged;
}

function mergeEndpoints(
  environment: Readonly<Record<string, EndpointOptions>>,
  code: Readonly<Record<string, EndpointOptions>>,
): Record<string, EndpointOptions> {
  const merged: Record<string, EndpointOptions> = { ...environment };
  for (const [name, options] of Object.entries(code)) {
    // An endpoint of which the code says a bound, say, and nothing of replicas: what the environment says of all others holds.
    const said = environment[name] ?? (switches(options) ? {} : (environment[EVERY_OTHER] ?? {}));
    merged[name] = over(said as Group, options as Group);
  }
  return merged;
}

function switches({ enabled, rollout }: EndpointOptions): boolean {
  return enabled !== undefined || rollout !== undefined;
}

function over(under: Group, upper: Group): Group {
  const said = Object.entries(upper).filter(([, value]) => value !== undefined);
  return { ...under, ...Object.fromEntries(said) };
}

/** An object of fields, and no list, no function and nothing with a class. */
function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
