import { z } from 'zod';
import type { Problem } from '../../../lib/problems';
import { rule } from './rule';

export const networkRules = [
  rule(
    z.object({
      network: z.object({
        kind: z.literal('create'),
        zones: z.array(z.string()),
        secretsRoute: z.object({ kind: z.literal('nat') }),
      }),
    }),
    ({ network }): Problem[] =>
      network.zones
        .filter((zone) => zone.endsWith('h'))
        .map((got) => ({
          code: 'READFLEET_NAT_ZONE',
          path: 'network.zones',
          got,
          message: "The NAT gateway's subnet has the end of this zone's block: the two would overlap.",
          fix: 'Take another zone, or another secretsRoute.',
        })),
  ),
];
