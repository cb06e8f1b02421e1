import type { Problem } from '../../../lib/problems';

/** The problem of a server's zone in which its network has no subnet. What is no text is told elsewhere. */
export function noSubnetThere(path: string, zone: unknown, zones: readonly string[]): Problem[] {
  if (typeof zone !== 'string' || zones.includes(zone)) return [];
  return [
    {
      code: 'READFLEET_REPLICA_ZONE',
      path,
      got: zone,
      message: 'The network has no subnet there, and RDS places an instance in a zone of its subnet group only.',
      fix: `Choose one of ${zones.join(', ')}, or give the network a subnet in this zone.`,
    },
  ];
}
