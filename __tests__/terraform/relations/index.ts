import type { Environment } from '../../../constructs';
import type { Relation } from '../../../terraform';
import { accessRelations } from './access';
import { encryptionRelations } from './encryption';
import { exportRelations } from './exports';
import { memberRelations } from './members';
import { type RelationsOf, Stack } from './stack';

const SUBJECTS = {
  members: memberRelations,
  access: accessRelations,
  encryption: encryptionRelations,
  exports: exportRelations,
} as const satisfies Readonly<Record<string, RelationsOf>>;

export type Subject = keyof typeof SUBJECTS;
export const subjects = Object.keys(SUBJECTS) as readonly Subject[];

/** What must be true of an environment once it is applied, by subject. */
export function relationsOf(environment: Environment, json: string): ReadonlyMap<Subject, readonly Relation[]> {
  const stack = new Stack(json);
  return new Map(subjects.map((subject) => [subject, SUBJECTS[subject](environment, stack)]));
}
