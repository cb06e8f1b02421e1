import { ReadfleetError } from '../lib/errors';
import { type EmitterContract, parseEmitterContract } from './emitter-contract';

/** What the deployment tells the emitter, by environment variables. */
export interface EmitterSettings {
  readonly contract: EmitterContract;
  /** Milliseconds between two samples. */
  readonly everyMs: number;
  /** Whether what a server says of itself becomes metrics, which cost; it stands in the documents in any case. */
  readonly serverMetrics: boolean;
  /** Whether CloudWatch keeps each sample, instead of a minute's. */
  readonly highResolution: boolean;
}

/**
 * - `READFLEET_CONTRACT`: the fleet's contract, as JSON
 * - `READFLEET_SAMPLE_SECONDS`: seconds between two samples, 1 to 60. Default: 60, one in each invocation
 * - `READFLEET_SERVER_METRICS`, `READFLEET_HIGH_RESOLUTION`: `true`, or not set
 *
 * @throws ReadfleetError `READFLEET_EMITTER_SETTINGS`
 */
export function emitterSettings(variables: Readonly<Record<string, string | undefined>>): EmitterSettings {
  const flag = (name: string) => {
    const text = variables[name];
    return text === undefined || text === 'true' ? text === 'true' : refuse(name, 'true, or not set', text);
  };
  return {
    contract: parseEmitterContract(variables.READFLEET_CONTRACT, 'environment variable READFLEET_CONTRACT'),
    everyMs: sampleSeconds('READFLEET_SAMPLE_SECONDS', variables.READFLEET_SAMPLE_SECONDS) * 1_000,
    serverMetrics: flag('READFLEET_SERVER_METRICS'),
    highResolution: flag('READFLEET_HIGH_RESOLUTION'),
  };
}

function sampleSeconds(name: string, text = '60'): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 60) return seconds;
  return refuse(name, 'a whole number, 1 to 60', text);
}

function refuse(name: string, wanted: string, got: string): never {
  throw new ReadfleetError(
    'READFLEET_EMITTER_SETTINGS',
    `environment variable ${name}: must be ${wanted}, got: ${got}`,
  );
}
