import { z } from 'zod';
import { moveProblems } from '../moves';
import { rule } from './rule';

export const moveRules = [
  rule(z.object({ moved: z.array(z.object({ from: z.string(), to: z.string() })) }), ({ moved }) =>
    moveProblems(moved, 'moved'),
  ),
];
