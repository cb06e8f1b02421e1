import { alarmActions } from './alarm-actions';
import { backups } from './backups';
import { decryptAll } from './decrypt-all';
import { defaultSecurityGroup } from './default-security-group';
import { deletionProtection } from './deletion-protection';
import { enhancedMonitoring } from './enhanced-monitoring';
import { eventSubscription } from './event-subscription';
import { finalSnapshot } from './final-snapshot';
import { flowLogs } from './flow-logs';
import { forcedTls } from './forced-tls';
import { functionAccess } from './function-access';
import { functionNetwork } from './function-network';
import { functionRuntime } from './function-runtime';
import { iamAuthentication } from './iam-authentication';
import { keyDeletion } from './key-deletion';
import { keyRotation } from './key-rotation';
import { logExports } from './log-exports';
import { logRetention } from './log-retention';
import { masterUser } from './master-user';
import { minorUpgrades } from './minor-upgrades';
import { multiAz } from './multi-az';
import { openPolicy } from './open-policy';
import { openSecurityGroup } from './open-security-group';
import { proxyTls } from './proxy-tls';
import { publicAccess } from './public-access';
import { queueEncryption } from './queue-encryption';
import { secretInState } from './secret-in-state';
import { snapshotSharing } from './snapshot-sharing';
import { snapshotTags } from './snapshot-tags';
import { storageEncryption } from './storage-encryption';
import { subnetAddresses } from './subnet-addresses';
import { subnetGroup } from './subnet-group';
import { tags } from './tags';
import { topicEncryption } from './topic-encryption';
import { wildcardPermissions } from './wildcard-permissions';

/** Every policy there is: databases, functions, keys, messages, network. */
export const POLICIES = [
  publicAccess,
  storageEncryption,
  multiAz,
  enhancedMonitoring,
  deletionProtection,
  finalSnapshot,
  backups,
  snapshotSharing,
  snapshotTags,
  logExports,
  iamAuthentication,
  masterUser,
  secretInState,
  minorUpgrades,
  forcedTls,
  proxyTls,
  subnetGroup,
  eventSubscription,
  functionAccess,
  functionRuntime,
  functionNetwork,
  keyDeletion,
  keyRotation,
  openPolicy,
  decryptAll,
  wildcardPermissions,
  topicEncryption,
  queueEncryption,
  alarmActions,
  logRetention,
  openSecurityGroup,
  defaultSecurityGroup,
  subnetAddresses,
  flowLogs,
  tags,
] as const;

/** E.g. `READFLEET_POLICY_MULTI_AZ`. */
export type PolicyCode = (typeof POLICIES)[number]['code'];

/** The codes of all policies: what `suppress()` takes. */
export const POLICY_CODES: readonly PolicyCode[] = POLICIES.map(({ code }) => code);

export function isPolicyCode(text: unknown): text is PolicyCode {
  return (POLICY_CODES as readonly unknown[]).includes(text);
}
