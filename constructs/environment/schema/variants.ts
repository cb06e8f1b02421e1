import { z } from 'zod';
import { TOPOLOGIES } from '../../../lib/contract';
import { because, pattern, region, resource, roleName, slug, sourceCidr, zone } from '../schema-parts';
import { type EnvironmentInput, STAGES } from '../types';
import { alarms, bootstrap, emitter } from './alarms';
import { backend } from './backend';
import { auroraDatabase, clusterDatabase, database } from './database';
import { lag } from './lag';
import { network, securityGroupId } from './network';
import { clusterProxy, proxy } from './proxy';
import { readName } from './read-name';
import { autoscaling, promoted, readers, remoteReplicas, replicas } from './replicas';
import { suppressions } from './suppressions';

/** What each property may be by itself. What hangs together of two properties is in `rules/`. */

/** What every topology's environment says. */
const base = {
  name: slug,
  fleet: slug,
  region,
  stage: z.enum(STAGES, `Must be one of ${STAGES.join(', ')}.`).optional(),
  tags: z
    .record(
      pattern(/^(?!aws:).{1,128}$/, 'Must be 1 to 128 characters, and not begin with "aws:".'),
      z.string().max(256),
    )
    .optional(),
  backend,
  network,
  access: z
    .strictObject({
      securityGroupIds: z.array(securityGroupId).optional(),
      cidrs: z.array(sourceCidr).optional(),
      user: roleName.optional(),
      readOnlyUser: roleName.optional(),
      migrationUser: roleName.optional(),
    })
    .optional(),
  lag: lag.optional(),
  alarms: alarms.optional(),
  bootstrap: bootstrap.optional(),
  moved: z.array(z.strictObject({ from: resource, to: resource })).optional(),
  suppressions: suppressions.optional(),
};

/** One schema per topology. */
export const VARIANTS = {
  instances: z.strictObject({
    topology: z.literal('instances'),
    ...base,
    database,
    replicas,
    promoted: promoted.optional(),
    remoteReplicas: remoteReplicas.optional(),
    proxy: proxy.optional(),
    readName: readName.optional(),
    emitter: emitter.optional(),
  }),
  'multi-az-cluster': z.strictObject({
    topology: z.literal('multi-az-cluster'),
    ...base,
    database: clusterDatabase,
    proxy: clusterProxy.optional(),
    emitter: emitter.optional(),
  }),
  aurora: z.strictObject({
    topology: z.literal('aurora'),
    ...base,
    database: auroraDatabase,
    writerZone: zone,
    readers,
    autoscaling: autoscaling.optional(),
    proxy: clusterProxy.optional(),
  }),
} as const satisfies Record<(typeof TOPOLOGIES)[number], z.ZodType>;

/** For a document whose topology is unknown: at least what all have in common is checked. */
export const ANY_TOPOLOGY = z.object({
  ...base,
  topology: z
    .custom<EnvironmentInput['topology']>()
    .refine(
      () => false,
      because(
        'READFLEET_TOPOLOGY',
        'There is no such topology.',
        `Write one of: ${TOPOLOGIES.map((name) => `"${name}"`).join(', ')}.`,
      ),
    ),
});
