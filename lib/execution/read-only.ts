import type { QueryResult } from 'pg';
import type { Member, Statement } from '../members/member';
import { commitOrRollBack } from './commit';

/** Runs what the caller calls a read on the primary, in a transaction that lets it write nothing. */
export async function runReadOnly({ text, values }: Statement, member: Member): Promise<QueryResult> {
  const lease = await member.lease('begin read only', true);
  return commitOrRollBack(lease, () => lease.client.query(text as string, values));
}
