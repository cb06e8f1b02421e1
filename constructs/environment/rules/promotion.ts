import { z } from 'zod';
import { named, rule } from './rule';

export const promotionRules = [
  rule(z.object({ replicas: named, promoted: named }), ({ replicas, promoted }) =>
    Object.keys(promoted)
      .filter((name) => Object.hasOwn(replicas, name))
      .map((name) => ({
        code: 'READFLEET_PROMOTED_TWICE',
        path: `promoted.${name}`,
        got: name,
        message: 'It follows the primary or it stands alone: it is named as both.',
        fix: 'Take it out of replicas to promote it, or out of promoted to keep it. What was promoted cannot follow again.',
      })),
  ),
];
