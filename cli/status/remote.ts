import { z } from 'zod';
import { messageOf, ReadfleetError } from '../../lib/errors';
import { PATHS, type StatusView } from '../../monitoring/view';
import type { Io } from '../io';
import { UsageError } from '../usage-error';
import type { Source } from './index';

const DEADLINE_MS = 5_000;

const count = z.number();

/** What is shown of a status: enough to know that it is one. What a later release tells beside it passes. */
const shape = z.looseObject({
  fleet: z.string(),
  environment: z.string(),
  at: count,
  members: z.array(
    z.looseObject({
      name: z.string(),
      role: z.enum(['primary', 'replica']),
      state: z.string(),
      reason: z.string().nullable(),
      lag: z.looseObject({ seconds: count.nullable(), bytes: count.nullable() }).nullable(),
      reads: count,
      writes: count,
      errors: count,
      latencyMs: count,
      breaker: z.looseObject({ state: z.string(), forced: z.string().nullable() }),
      pool: z.looseObject({ total: count, idle: count, waiting: count, max: count }),
    }),
  ),
  flags: z.looseObject({
    allOff: z.boolean(),
    endpoints: z.array(z.looseObject({ endpoint: z.string(), enabled: z.boolean(), rollout: count })),
  }),
  bulkhead: z.looseObject({ active: count, queued: count, shed: count, max: count }),
  retriesLeft: count,
});

/** Asks the monitoring handler of a running app. */
export function lookThrough(url: string, { env }: Pick<Io, 'env'>): Source {
  const address = statusAddress(url);
  return {
    look: async () => ({ status: await askStatus(address, env.READFLEET_TOKEN), servers: undefined }),
    close: () => Promise.resolve(),
  };
}

/** @throws UsageError */
export function statusAddress(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol !== 'http:' && address?.protocol !== 'https:') {
    throw new UsageError(`--url must be an address such as http://localhost:9000, got: ${url}`);
  }
  if (!address.pathname.endsWith(PATHS.status)) address.pathname = address.pathname.replace(/\/$/, '') + PATHS.status;
  return address;
}

export async function askStatus(address: URL, token: string | undefined): Promise<StatusView> {
  const response = await fetch(address, {
    headers: { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    signal: AbortSignal.timeout(DEADLINE_MS),
  }).catch((cause: unknown) => {
    throw noAnswer(address, messageOf((cause as Error).cause ?? cause), cause);
  });
  if (response.status === 401 || response.status === 403) {
    throw noAnswer(
      address,
      `${response.status}: it asks for ${token ? 'another token than the one' : 'a token, to be put'} in READFLEET_TOKEN`,
    );
  }
  if (!response.ok) {
    throw noAnswer(address, `${response.status} ${response.statusText}. Does the app serve monitoringHandler() there?`);
  }
  const status = shape.safeParse(await response.json().catch(() => undefined));
  if (status.success) return status.data as unknown as StatusView;
  throw noAnswer(address, 'what it answers is no status of a fleet');
}

function noAnswer({ origin, pathname }: URL, why: string, cause?: unknown): ReadfleetError {
  return new ReadfleetError('READFLEET_CLI_NO_ANSWER', `${origin}${pathname}: ${why}`, { cause });
}
