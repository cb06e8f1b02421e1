import { z } from 'zod';
import { because } from '../schema-parts';

export const lag = z
  .strictObject({
    warningSeconds: z.number().positive('Must be more than 0 seconds.'),
    criticalSeconds: z.number().positive('Must be more than 0 seconds.'),
  })
  .refine(
    ({ warningSeconds, criticalSeconds }) => warningSeconds <= criticalSeconds,
    because(
      'READFLEET_LAG_ORDER',
      'A warning after the critical alarm warns no one.',
      'Set warningSeconds to at most criticalSeconds.',
    ),
  );
