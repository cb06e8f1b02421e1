import type { Problem } from '../../../lib/problems';
import { accessRules } from './access';
import { alarmRules } from './alarms';
import { clusterRules } from './clusters';
import { databaseRules } from './database';
import { functionRules } from './functions';
import { moveRules } from './moves';
import { nameRules } from './names';
import { networkRules } from './network';
import { parameterRules } from './parameters';
import { placeRules } from './place';
import { promotionRules } from './promotion';
import { proxyRules } from './proxy';
import { readNameRules } from './read-name';
import { remoteRules } from './remote';
import type { Rule } from './rule';

const RULES: readonly Rule[] = [
  ...nameRules,
  ...accessRules,
  ...placeRules,
  ...databaseRules,
  ...clusterRules,
  ...promotionRules,
  ...remoteRules,
  ...parameterRules,
  ...moveRules,
  ...functionRules,
  ...alarmRules,
  ...proxyRules,
  ...networkRules,
  ...readNameRules,
];

/** The problems that no single property shows. */
export function ruleProblems(input: unknown): Problem[] {
  return RULES.flatMap(({ reads, check }) => {
    const parts = reads.safeParse(input);
    return parts.success ? check(parts.data as never) : [];
  });
}
