import type { Topology } from '../../lib/contract';
import type { EngineMajor } from '../environment/types/database';
import type { Flavour } from './spec';

const FLAVOURS = {
  instances: 'instance',
  'multi-az-cluster': 'cluster',
  aurora: 'aurora',
} as const satisfies Record<Topology, Flavour>;

/** Whose parameter group a topology needs; nothing for what is no topology. */
export function flavourOf(topology: unknown): Flavour | undefined {
  return typeof topology === 'string' && Object.hasOwn(FLAVOURS, topology) ? FLAVOURS[topology as Topology] : undefined;
}

/** The family of a parameter group: `postgres17`, `aurora-postgresql17`. */
export function parameterFamily(flavour: Flavour, engineMajor: EngineMajor): string {
  return `${flavour === 'aurora' ? 'aurora-postgresql' : 'postgres'}${engineMajor}`;
}
