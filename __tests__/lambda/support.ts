import { connections } from '../../lambda/connection';
import { type EmitterContract, parseEmitterContract } from '../../lambda/emitter-contract';
import { Measure, type MeasureOptions } from '../../lambda/measure';
import type { FleetContract } from '../../lib/contract';

/** The contract of a real fleet as the emitter reads it, but for what is said. */
export function emitterContract(contract: FleetContract, changes: Partial<EmitterContract> = {}): EmitterContract {
  return { ...parseEmitterContract(JSON.stringify(contract), 'contract'), ...changes };
}

/** Measures the servers that `contract` names. */
export function measureOf(contract: EmitterContract, options: Partial<MeasureOptions> = {}): Measure {
  return new Measure(contract, { configOf: connections(contract, () => []), ...options });
}

/** For a fleet whose members are simulated. */
export function neverConnects(): never {
  throw new Error('A simulated member is not connected to.');
}
