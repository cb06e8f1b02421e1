import type { Group } from '../item';
import { app } from './app';
import { connections } from './connections';
import { contract } from './contract';
import { data } from './data';
import { longWork } from './long-work';
import { parameters } from './parameters';
import { reach } from './reach';
import { replication } from './replication';
import { roles } from './roles';
import { routing } from './routing';
import { servers } from './servers';
import { slots } from './slots';

/** The checklist, in the order in which one thing rests upon another. */
export const GROUPS: readonly Group[] = [
  contract,
  reach,
  servers,
  replication,
  slots,
  parameters,
  data,
  roles,
  connections,
  longWork,
  routing,
  app,
];
