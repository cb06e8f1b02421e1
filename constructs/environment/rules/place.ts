import { z } from 'zod';
import { DEFAULTS } from '../defaults';
import { named, rule } from './rule';
import { noSubnetThere } from './zone';

const text = z.string();

/** The zones of either kind of network, however malformed the rest of it is. */
const zones = z.union([
  z.object({ kind: z.literal('existing'), subnets: named }).transform(({ subnets }) => ({
    path: 'network.subnets',
    zones: Object.keys(subnets),
  })),
  z.object({ kind: z.literal('create'), zones: z.array(text) }).transform((network) => ({
    path: 'network.zones',
    zones: network.zones,
  })),
]);

export const placeRules = [
  rule(z.object({ region: text, network: zones }), ({ region, network }) =>
    network.zones
      .filter((zone) => !zone.startsWith(region))
      .map((zone) => ({
        code: 'READFLEET_ZONE_REGION',
        path: network.path,
        got: zone,
        message: `The zone is not in region ${region}.`,
        fix: `Name zones of ${region}.`,
      })),
  ),

  ...(['replicas', 'readers'] as const).map((where) =>
    rule(z.object({ network: zones, [where]: named }), (parts) =>
      Object.entries(parts[where] as object).flatMap(([name, server]) =>
        noSubnetThere(`${where}.${name}.zone`, zoneOf(server), (parts.network as z.infer<typeof zones>).zones),
      ),
    ),
  ),

  rule(z.object({ network: zones, writerZone: text }), ({ network, writerZone }) =>
    noSubnetThere('writerZone', writerZone, network.zones),
  ),

  rule(z.object({ stage: z.unknown().optional(), replicas: named }), ({ stage, replicas }) => {
    const used = Object.values(replicas).map(zoneOf);
    const [first] = used;
    if ((stage ?? DEFAULTS.stage) === 'development' || used.length < 2 || typeof first !== 'string') return [];
    if (used.some((zone) => zone !== first)) return [];
    return [
      {
        code: 'READFLEET_REPLICAS_IN_ONE_ZONE',
        path: 'replicas',
        got: first,
        message: 'All replicas are in one zone: when it fails, every read falls on the primary at once.',
        fix: 'Give one of them another zone of the network.',
      },
    ];
  }),

  rule(
    z.object({ stage: z.unknown().optional(), writerZone: text, readers: named }),
    ({ stage, writerZone, readers }) => {
      const used = Object.values(readers).map(zoneOf);
      if ((stage ?? DEFAULTS.stage) === 'development' || used.length === 0) return [];
      if (used.some((zone) => zone !== writerZone)) return [];
      return [
        {
          code: 'READFLEET_MEMBERS_IN_ONE_ZONE',
          path: 'readers',
          got: writerZone,
          message: 'Writer and readers are all in one zone: when it fails, nothing can take over.',
          fix: 'Give a reader another zone of the network.',
        },
      ];
    },
  ),

  rule(z.object({ stage: z.unknown().optional(), backend: z.object({ kind: z.literal('local') }) }), ({ stage }) =>
    (stage ?? DEFAULTS.stage) === 'development'
      ? []
      : [
          {
            code: 'READFLEET_BACKEND_LOCAL',
            path: 'backend.kind',
            got: 'local',
            message: 'State in a file is lost with the laptop, and two people who deploy overwrite each other.',
            fix: 'Use { kind: "s3", bucket: … }, or set stage to "development".',
          },
        ],
  ),
];

function zoneOf(server: unknown): unknown {
  return (server as { zone?: unknown } | null)?.zone;
}
