import { isCustom, memoryGiB, type Parameters } from '../parameters';

/** RDS's default: `LEAST({DBInstanceClassMemory/9531392},5000)`. */
const BYTES_PER_CONNECTION = 9_531_392;
const MOST = 5_000;
const GIB = 1024 ** 3;

/**
 * `DBInstanceClassMemory` is what is left of the class's memory beside RDS itself. AWS does not say how much that is; classes of
 * 16 GiB have been seen with 1667 to 1697 connections of 1802. A tenth less errs towards an early alarm: one that counts on too
 * many would never go off.
 */
const LEFT_BY_RDS = 0.9;

/**
 * Connections that a server takes: what the environment says, or what RDS derives from the class's memory.
 *
 * @returns undefined when the class is unknown, or the parameter no number: then nothing can be said in percent of it
 */
export function maxConnections(parameters: Parameters, instanceClass: string): number | undefined {
  const { max_connections: said } = parameters;
  if (isCustom(said)) return /^[1-9]\d*$/.test(said.value) ? Number(said.value) : undefined;
  if (said !== undefined) return said;
  const memory = memoryGiB(instanceClass);
  return memory && Math.min(Math.floor((memory * GIB * LEFT_BY_RDS) / BYTES_PER_CONNECTION), MOST);
}
