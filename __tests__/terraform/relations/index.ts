import type { Environment } from '../../../constructs';
import type { Relation } from '../../../terraform';
import { accessRelations } from './access';
import { alarmRelations } from './alarms';
import { encryptionRelations } from './encryption';
import { exportRelations } from './exports';
import { functionRelations } from './functions';
import { memberRelations } from './members';
import { proxyRelations } from './proxy';
import { readNameRelations } from './read-name';
import { remoteRelations } from './remote';
import { type RelationsOf, Stack } from './stack';

const SUBJECTS = {
  members: memberRelations,
  access: accessRelations,
  encryption: encryptionRelations,
  exports: exportRelations,
  proxy: proxyRelations,
  'read name': readNameRelations,
  functions: functionRelations,
  alarms: alarmRelations,
  'other regions': remoteRelations,
} as const satisfies Readonly<Record<string, RelationsOf>>;

export type Subject = keyof typeof SUBJECTS;
export const subjects = Object.keys(SUBJECTS) as readonly Subject[];

/** What must be true of an environment once it is applied, by subject. */
export function relationsOf(environment: Environment, json: string): ReadonlyMap<Subject, readonly Relation[]> {
  const stack = new Stack(json);
  return new Map(subjects.map((subject) => [subject, SUBJECTS[subject](environment, stack)]));
}
