import { ANYTHING, BINDS, certain, type Finding } from './intent';
import type { Tree } from './walk';

const REASON = 'transaction control';
const BEGIN = certain(REASON, { session: 'begin' });
const BEGIN_READ_ONLY = certain(REASON, { session: 'begin read only' });
const END = certain(REASON, { session: 'end' });
const OTHER = certain(REASON, BINDS);
/** Makes visible what another session has prepared, which may be DDL. */
const COMMIT_PREPARED = certain(REASON, ANYTHING);

/** What BEGIN, COMMIT and the like do to a session. Savepoints, two-phase commit and AND CHAIN bind. */
export function judgeTransaction(statement: Tree): Finding {
  switch (statement.kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      return isForStandby((statement.options ?? []) as readonly Tree[]) ? BEGIN_READ_ONLY : BEGIN;
    case 'TRANS_STMT_COMMIT':
    case 'TRANS_STMT_ROLLBACK':
      return statement.chain === true ? OTHER : END;
    case 'TRANS_STMT_COMMIT_PREPARED':
      return COMMIT_PREPARED;
    default:
      return OTHER;
  }
}

interface Option {
  readonly defname?: string;
  readonly arg?: {
    readonly A_Const?: { readonly ival?: { readonly ival?: number }; readonly sval?: { readonly sval?: string } };
  };
}

/**
 * Whether a standby can run a transaction with these options: said to be read-only, and neither serializable, which a
 * standby refuses, nor anything that is not known here.
 */
function isForStandby(options: readonly Tree[]): boolean {
  let readOnly = false;
  for (const option of options) {
    const { defname, arg } = (option.DefElem ?? {}) as Option;
    switch (defname) {
      case 'transaction_read_only':
        // Of READ ONLY and READ WRITE in one statement the server takes the last; here neither is believed.
        if (arg?.A_Const?.ival?.ival !== 1) return false;
        readOnly = true;
        break;
      case 'transaction_isolation':
        if (arg?.A_Const?.sval?.sval === 'serializable') return false;
        break;
      case 'transaction_deferrable':
        // Means something to serializable transactions only.
        break;
      default:
        return false;
    }
  }
  return readOnly;
}
