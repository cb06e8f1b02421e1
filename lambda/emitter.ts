import { systemClock } from '../lib/clock';
import { type FleetContract, parseContract } from '../lib/contract';
import { ReadfleetError } from '../lib/errors';
import { regionalAuthorities } from './authorities';
import { AwakeClock } from './awake-clock';
import { toEmf } from './emf';
import { iamPasswords } from './iam-password';
import { measureThrough } from './invocation';
import { Measure, type Measurement } from './measure';

/**
 * How long a member may take to answer. Longer than the router waits: a small function that wakes up opens all its connections at
 * once, and a sample is not in the way of anyone.
 */
const TIMEOUT_MS = 3_000;

/** What Lambda tells of an invocation, as far as it is used here. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

interface Kept {
  readonly contract: FleetContract;
  readonly measure: Measure;
  readonly everyMs: number;
  readonly clock: AwakeClock;
}

let kept: Kept | undefined;

/**
 * The Lambda function that measures replica lag all the time that it runs, and emits it as metrics, several times in each invocation.
 *
 * The contract comes from the environment variable `READFLEET_CONTRACT`, as JSON; `READFLEET_SAMPLE_SECONDS` says how often
 * (default: once per invocation). Connections, and what the primary has written so far, are kept between invocations.
 *
 * @throws ReadfleetError when one of them is missing or wrong: the invocation fails, which is what its alarm watches
 */
export async function handler(_event?: unknown, context?: InvocationContext): Promise<void> {
  kept ??= open();
  const { contract, measure, everyMs, clock } = kept;
  clock.wake();
  const emit = (measurements: readonly Measurement[], at: number) => {
    // Not `console.log`: Lambda puts a prefix before its lines, or wraps them, and they would be metrics no more.
    for (const measurement of measurements)
      process.stdout.write(`${JSON.stringify(toEmf(contract, measurement, at))}\n`);
  };
  const remainingMs = context && { remainingMs: () => context.getRemainingTimeInMillis() };
  await measureThrough(measure, emit, { everyMs, clock, ...remainingMs });
}

/** Ends the connections that are kept between invocations. Lambda never calls it; whoever runs the handler elsewhere does. */
export function close(): void {
  kept?.measure.close();
  kept = undefined;
}

function open(): Kept {
  const contract = parseContract(process.env.READFLEET_CONTRACT ?? '', 'environment variable READFLEET_CONTRACT');
  const { auth, region, tls } = contract;
  const clock = new AwakeClock(systemClock, Date.now);
  return {
    contract,
    clock,
    everyMs: sampleSeconds(process.env.READFLEET_SAMPLE_SECONDS) * 1_000,
    measure: new Measure(contract, {
      clock,
      lag: { timeoutMs: TIMEOUT_MS },
      ...(tls === 'verify-full' ? { ca: regionalAuthorities(region) } : {}),
      ...(auth.kind === 'iam' ? { password: iamPasswords(regionOf(contract), auth.user) } : {}),
    }),
  };
}

function regionOf({ region }: FleetContract): string {
  if (region !== undefined) return region;
  throw new ReadfleetError(
    'READFLEET_EMITTER_SETTINGS',
    'environment variable READFLEET_CONTRACT: it has no region, and an IAM token is signed for one. Deploy the fleet again.',
  );
}

function sampleSeconds(text = '60'): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 60) return seconds;
  throw new ReadfleetError(
    'READFLEET_EMITTER_SETTINGS',
    `environment variable READFLEET_SAMPLE_SECONDS: must be a whole number, 1 to 60, got: ${text}`,
  );
}
