import { systemClock } from '../lib/clock';
import { messageOf, ReadfleetError } from '../lib/errors';
import { regionalAuthorities } from './authorities';
import { AwakeClock } from './awake-clock';
import { connections } from './connection';
import { toEmf } from './emf';
import { type EmitterSettings, emitterSettings } from './emitter-settings';
import { type Emit, measureWithin } from './invocation';
import { Measure } from './measure';
import { lateness } from './sampling';
import { Servers } from './servers';

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
  readonly settings: EmitterSettings;
  readonly measure: Measure;
  readonly servers: Servers;
  readonly clock: AwakeClock;
  readonly lateMs: number;
}

let kept: Kept | undefined;

/**
 * The Lambda function that measures replica lag all the time that it runs, and emits it as metrics, several times in each invocation.
 *
 * What to do comes from environment variables: see {@link emitterSettings}. Connections, and what the primary has written so far, are kept
 * between invocations. A member that does not answer is part of what is emitted, and fails nothing.
 *
 * @throws ReadfleetError when settings are wrong, or the invocation takes too long. It fails then, which is what its alarm watches, and the log
 *   has a line of JSON with the code
 */
export async function handler(_event?: unknown, context?: InvocationContext): Promise<void> {
  try {
    kept ??= open(emitterSettings(process.env));
    kept.clock.wake();
    await measuring(kept, context);
  } catch (error) {
    // Not `console.error`: Lambda puts a prefix before its lines. Nor the error itself, whose cause may quote what it failed on.
    const code = ReadfleetError.is(error) ? error.code : 'READFLEET_EMITTER_FAILED';
    process.stderr.write(`${JSON.stringify({ level: 'error', code, message: messageOf(error) })}\n`);
    close();
    throw error;
  }
}

/** Ends the connections that are kept between invocations. Lambda never calls it; whoever runs the handler elsewhere does. */
export function close(): void {
  kept?.measure.close();
  kept?.servers.close();
  kept = undefined;
}

function open(settings: EmitterSettings): Kept {
  const { contract, everyMs } = settings;
  const clock = new AwakeClock(systemClock, Date.now);
  const configOf = connections(contract, () => regionalAuthorities(contract.region));
  return {
    settings,
    clock,
    lateMs: lateness(everyMs, Math.random),
    measure: new Measure(contract, { clock, configOf, timeoutMs: TIMEOUT_MS }),
    servers: new Servers(contract, { clock, configOf }),
  };
}

async function measuring({ settings, lateMs, clock, ...asked }: Kept, context?: InvocationContext): Promise<void> {
  const { contract, everyMs } = settings;
  const emit: Emit = (samples, at) => {
    // Not `console.log`: Lambda puts a prefix before its lines, or wraps them, and they would be metrics no more.
    for (const sample of samples) process.stdout.write(`${JSON.stringify(toEmf(contract, sample, at, settings))}\n`);
  };
  const remainingMs = context && (() => context.getRemainingTimeInMillis());
  await measureWithin(asked, emit, { everyMs, lateMs, clock, ...(remainingMs && { remainingMs }) });
}
