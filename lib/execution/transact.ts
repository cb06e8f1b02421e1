import { checkTransactionOptions } from '../check-options';
import type { Clock } from '../clock';
import type { Classifier } from '../intent';
import type { CatalogueKeeper } from '../intent/catalogue-keeper';
import type { Member } from '../members/member';
import type { Members } from '../members/members';
import type { ReadOptions } from '../options';
import type { PolicyResolver } from '../policy/resolver';
import type { Sessions } from '../session/sessions';
import { channels } from '../telemetry/channels';
import type { Teller } from '../telemetry/teller';
import type { Executor } from './executor';
import type { ReaderLease } from './lease-reader';
import {
  beginStatement,
  fitsReplica,
  leaseInTime,
  runTransaction,
  type Transaction,
  type TransactionOptions,
} from './transaction';

/** What a transaction needs of a fleet. */
interface Fleet {
  readonly clock: Clock;
  readonly members: Members;
  readonly sessions: Sessions;
  readonly policies: PolicyResolver;
  readonly executor: Executor;
  readonly classifier: Classifier;
  readonly keeper: CatalogueKeeper;
  readonly teller: Teller;
  whenOpen(): Promise<void>;
  leaseWriter(begin: string | undefined): Promise<ReaderLease>;
}

type Work<T> = (transaction: Transaction) => Promise<T>;
type Options = TransactionOptions & ReadOptions;

/** Runs `work` in a transaction of a fleet, and tells of its decision and its end. */
export async function transact<T>(fleet: Fleet, work: Work<T>, options: Options): Promise<T> {
  await fleet.whenOpen();
  const { teller } = fleet;
  const calledAt = teller.calledAt();
  const { endpoint } = options;
  let on: Member | undefined;
  try {
    const result = await inTransaction(fleet, work, options, (member) => {
      on = member;
    });
    if (channels.outcome.hasSubscribers) {
      teller.outcome({ endpoint, kind: 'transaction', member: on?.name, error: undefined }, calledAt);
    }
    return result;
  } catch (error) {
    if (channels.outcome.hasSubscribers) {
      teller.outcome({ endpoint, kind: 'transaction', member: undefined, error }, calledAt);
    }
    throw error;
  }
}

async function inTransaction<T>(
  fleet: Fleet,
  work: Work<T>,
  options: Options,
  begun: (member: Member) => void,
): Promise<T> {
  const { clock, executor, members, classifier } = fleet;
  const { readOnly, isolation, ...read } = options;
  checkTransactionOptions({ readOnly, isolation });
  const policy = fleet.policies.resolve(read, fleet.sessions.current());
  const begin = beginStatement({ readOnly, isolation });
  const onReplica = fitsReplica({ readOnly, isolation });
  const bounds = { ...policy, clock, startedAt: clock.now() };
  const { member, lease } = await leaseInTime(
    () => (onReplica ? executor.leaseReader(policy, begin) : fleet.leaseWriter(begin)),
    bounds,
  );
  begun(member);
  // It writes, or it needs an isolation that a standby has not.
  if (!onReplica && channels.decision.hasSubscribers) {
    const [kind, reason] = readOnly ? (['read', 'isolation'] as const) : (['write', 'transaction'] as const);
    fleet.teller.onPrimary(kind, member.name, reason, read.endpoint, undefined);
  }
  member.counters[readOnly ? 'reads' : 'writes'] += 1;
  const session = fleet.sessions.current();
  const { incarnation } = member;
  let ddl = false;
  const seen = (text: string) => {
    ddl ||= classifier.classify(text).ddl === true;
  };
  try {
    return await runTransaction(work, { member, lease, seen, ...bounds }, (error) => members.lost(member, error));
  } finally {
    if (readOnly !== true) session?.wrote(clock.now());
    else if (member.role === 'primary') session?.readFromPrimary(clock.now());
    else session?.readFrom(member, clock.now(), incarnation);
    if (ddl) fleet.keeper.changed();
  }
}
