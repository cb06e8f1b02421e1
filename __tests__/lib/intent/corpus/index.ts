import { FUNCTIONS } from './functions';
import { READS } from './reads';
import type { Statement } from './statement';
import { WRITES } from './writes';

export { WITH_CATALOGUE } from './catalogue';
export { SCHEMA } from './schema';
export { intentOf, type Statement } from './statement';

/** Statements about which a server's catalogue changes nothing. */
export const CORPUS: readonly Statement[] = [...READS, ...WRITES, ...FUNCTIONS];
