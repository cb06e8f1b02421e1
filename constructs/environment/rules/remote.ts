import { z } from 'zod';
import type { Problem } from '../../../lib/problems';
import { partitionOf } from '../../partition';
import { named, rule } from './rule';
import { noSubnetThere } from './zone';

const text = z.string();
/** What the rules read of a remote replica. What is malformed counts as not said: it is told elsewhere. */
const parts = z.object({
  region: text.optional().catch(undefined),
  zone: text.optional().catch(undefined),
  vpcId: text.optional().catch(undefined),
  subnets: named.optional().catch(undefined),
});
const remoteReplicas = named.transform((all) =>
  Object.entries(all).map(([name, replica]) => ({ name, ...parts.catch({}).parse(replica) })),
);

export const remoteRules = [
  rule(z.object({ region: text, remoteReplicas }), ({ region, remoteReplicas: all }) =>
    all.flatMap((replica): Problem[] => {
      const problem = {
        code: 'READFLEET_REMOTE_REGION',
        path: `remoteReplicas.${replica.name}.region`,
        got: replica.region,
      };
      if (replica.region === region) {
        return [{ ...problem, message: "It is the environment's own region.", fix: 'Name it among replicas.' }];
      }
      if (replica.region === undefined || partitionOf(replica.region) === partitionOf(region)) return [];
      return [
        {
          ...problem,
          message: 'It is in another part of AWS, which shares neither accounts nor a network with this one.',
          fix: `Choose a region of ${partitionOf(region)}.`,
        },
      ];
    }),
  ),

  rule(z.object({ remoteReplicas }), ({ remoteReplicas: all }) =>
    all.flatMap(({ name, region, subnets = {} }) =>
      Object.keys(subnets)
        .filter((zone) => region !== undefined && !zone.startsWith(region))
        .map((zone) => ({
          code: 'READFLEET_ZONE_REGION',
          path: `remoteReplicas.${name}.subnets`,
          got: zone,
          message: `The zone is not in region ${region}.`,
          fix: `Name zones of ${region}.`,
        })),
    ),
  ),

  rule(z.object({ remoteReplicas }), ({ remoteReplicas: all }) =>
    all.flatMap(({ name, zone, subnets }) =>
      subnets === undefined ? [] : noSubnetThere(`remoteReplicas.${name}.zone`, zone, Object.keys(subnets)),
    ),
  ),

  rule(z.object({ remoteReplicas }), ({ remoteReplicas: all }) =>
    all.flatMap(({ name, region, vpcId, subnets }) => {
      const first = all.find((other) => other.region !== undefined && other.region === region);
      if (!first || (first.vpcId === vpcId && sameSubnets(first.subnets, subnets))) return [];
      return [
        {
          code: 'READFLEET_REMOTE_NETWORK',
          path: `remoteReplicas.${name}`,
          got: vpcId,
          message: `${name} and ${first.name} are in one region, where a fleet has one network and one subnet group.`,
          fix: `Give both the same vpcId and subnets.`,
        },
      ];
    }),
  ),

  rule(
    z.object({ replicas: named.optional(), promoted: named.optional(), remoteReplicas: named }),
    ({ replicas = {}, promoted = {}, remoteReplicas: all }) =>
      Object.keys(all)
        .filter((name) => Object.hasOwn(replicas, name) || Object.hasOwn(promoted, name))
        .map((name) => ({
          code: 'READFLEET_REMOTE_TWICE',
          path: `remoteReplicas.${name}`,
          got: name,
          message: 'Another server of the fleet has this name, and people could not tell them apart.',
          fix: 'Name it e.g. after the place where it is.',
        })),
  ),
];

function sameSubnets(one: Record<string, unknown> | undefined, other: Record<string, unknown> | undefined): boolean {
  const sorted = (all: Record<string, unknown> = {}) => Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}
