import { z } from 'zod';
import type { Problem } from '../../../lib/problems';
import { READ_NAME_LENGTH, readNameSet } from '../names';
import { rule } from './rule';

export const readNameRules = [
  rule(
    z.object({ readName: z.object({ name: z.string(), zone: z.object({ domain: z.string() }) }) }),
    ({ readName }): Problem[] => {
      const got = readNameSet(readName.name, readName.zone.domain);
      if (got.length <= READ_NAME_LENGTH) return [];
      return [
        {
          code: 'READFLEET_NAME_TOO_LONG',
          path: 'readName',
          got,
          message: `DNS takes ${READ_NAME_LENGTH} characters for this name; it has ${got.length}.`,
          fix: 'Shorten readName.name or the domain.',
        },
      ];
    },
  ),
];
