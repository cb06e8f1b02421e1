import { GROUPS } from '../../lib/roles/kinds';

/** The longest identifier RDS takes for an instance. */
export const RDS_IDENTIFIER_LENGTH = 63;
/** The longest name IAM takes for a role. */
export const IAM_ROLE_NAME_LENGTH = 64;

/** The longest name that DNS takes. */
export const READ_NAME_LENGTH = 253;

/** The member that is written to, in identifiers, logical ids, metrics and the contract. */
export const PRIMARY = 'primary';

/** `orders-production`: what every name in AWS begins with. */
export function prefix(fleet: string, environment: string): string {
  return `${fleet}-${environment}`;
}

/** `orders-production-blue`: an instance's identifier, from which AWS also makes its DNS name. */
export function memberIdentifier(fleet: string, environment: string, member: string): string {
  return `${prefix(fleet, environment)}-${member}`;
}

/** The instance of an Aurora cluster that begins as the writer, among the readers: after a failover it is one. */
export const PRIMARY_INSTANCE = 'primary-instance';

/** The instances of a Multi-AZ cluster: AWS numbers them, and names each `<cluster>-instance-<number>`. */
export const CLUSTER_INSTANCES = ['instance-1', 'instance-2', 'instance-3'] as const;

/** The role that enhanced monitoring writes with. */
export function monitoringRoleName(fleet: string, environment: string): string {
  return `${prefix(fleet, environment)}-monitoring`;
}

/** A Lambda function of the fleet, its role, its log and what calls it. */
export function functionName(fleet: string, environment: string, what: 'emitter' | 'bootstrap'): string {
  return `${prefix(fleet, environment)}-${what}`;
}

/** Where invocations of the emitter end up that failed. */
export function deadLetterQueueName(fleet: string, environment: string): string {
  return `${functionName(fleet, environment, 'emitter')}-failed`;
}

/** The DNS name over all replicas. */
export function readNameHost(name: string, domain: string): string {
  return `${name}.${domain}`;
}

/** The name of the replicas alone, without the primary behind them. */
export function readNameSet(name: string, domain: string): string {
  return `replicas.${readNameHost(name, domain)}`;
}

/** Where apps find what they need of the fleet in SSM. */
export function exportParameterName(
  fleet: string,
  environment: string,
  what: 'contract' | 'writer' | 'reader' | 'database',
): string {
  return `/readfleet/${fleet}/${environment}/${what}`;
}

/** The policy that app teams attach to their roles. */
export function clientPolicyName(fleet: string, environment: string): string {
  return `${prefix(fleet, environment)}-client`;
}

/** The policies for those that only read, and for those that run migrations. */
export function rolePolicyName(fleet: string, environment: string, what: 'read-only' | 'migrations'): string {
  return `${prefix(fleet, environment)}-${what}`;
}

/** The policy that apps in another region attach beside it. IAM has no regions, so its name says which. */
export function remoteClientPolicyName(fleet: string, environment: string, region: string): string {
  return `${clientPolicyName(fleet, environment)}-${region}`;
}

/** Database names that RDS or PostgreSQL keeps for itself. */
export const RESERVED_DATABASES: readonly string[] = ['rdsadmin', 'template0', 'template1'];

/** Roles that RDS or PostgreSQL keeps for itself, and the groups of the fleet's roles. Every `pg_` and `rds_` name is reserved besides. */
export const RESERVED_USERS: readonly string[] = [
  'admin',
  'current_user',
  'public',
  'rdsadmin',
  'rdsrepladmin',
  'rdstopmgr',
  ...GROUPS.map(({ name }) => name),
  'session_user',
  'user',
];
