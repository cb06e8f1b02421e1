/** What a role is for: it decides how the role logs in, and what it may. */
export const ROLE_KINDS = ['app', 'reader', 'owner', 'emitter', 'proxy'] as const;
/** `app`, `reader`, `owner`, `emitter` or `proxy`: what each may is said at the `kind` of a role. */
export type RoleKind = (typeof ROLE_KINDS)[number];

/** A PostgreSQL role of a fleet, which somebody or something logs in as. */
export interface Role {
  /** 1 to 63 bytes. */
  readonly name: string;
  /**
   * - `app`: reads and writes all data, defines nothing
   * - `reader`: reads all data
   * - `owner`: migrations; makes tables and schemas, which the group `readfleet_owner` then owns
   * - `emitter`: sees replication, and none of the data
   * - `proxy`: what RDS Proxy logs in as, with a password; the same rights as `app`
   */
  readonly kind: RoleKind;
  /**
   * What the server is to keep of the role's password: a SCRAM verifier, never a password.
   * @default - its password is left as it is; a new role has none, and cannot log in by password
   */
  readonly verifier?: string;
}

/** Names that roles have where nobody names them. None that people are likely to have given to a role of theirs, but for the app's. */
export const DEFAULT_ROLE_NAMES = {
  app: 'app',
  reader: 'readfleet_read_only',
  owner: 'readfleet_migrations',
  emitter: 'readfleet_emitter',
  proxy: 'app_proxy',
} as const satisfies Record<RoleKind, string>;

/** Membership lets a role log in with IAM, and in no other way. RDS has it; other servers do not. */
export const IAM_GROUP = 'rds_iam';

/** A group that holds the rights of the roles in it. */
interface Group {
  readonly name: string;
  /** What it belongs to from the start. */
  readonly rights: readonly string[];
  readonly about: string;
}

/**
 * Groups of our own. Rights on all data, whoever made the tables: grants on tables would hold for those that exist, and default
 * privileges for those that one role makes.
 */
export const GROUPS: readonly Group[] = [
  { name: 'readfleet_app', rights: ['pg_read_all_data', 'pg_write_all_data'], about: 'reads and writes all data' },
  { name: 'readfleet_reader', rights: ['pg_read_all_data'], about: 'reads all data' },
  {
    name: 'readfleet_owner',
    rights: ['pg_read_all_data', 'pg_write_all_data'],
    about: 'owns what migrations make, whoever runs them',
  },
];

interface Kind {
  /** For people, in the script. */
  readonly about: string;
  /** What it belongs to, beside {@link IAM_GROUP}. */
  readonly group: string;
  readonly login: 'iam' | 'password';
  /** What each of its sessions begins with, as PostgreSQL's catalogue has it. */
  readonly setting?: `${string}=${string}`;
}

export const KINDS: Readonly<Record<RoleKind, Kind>> = {
  app: { about: 'apps; reads and writes all data, defines nothing', group: 'readfleet_app', login: 'iam' },
  reader: {
    about: 'apps and people that only read',
    group: 'readfleet_reader',
    login: 'iam',
    setting: 'default_transaction_read_only=on',
  },
  owner: {
    about: 'migrations; what it makes belongs to readfleet_owner, so that another role can go on with it',
    group: 'readfleet_owner',
    login: 'iam',
    setting: 'role=readfleet_owner',
  },
  emitter: { about: 'measures replica lag; sees replication, and none of the data', group: 'pg_monitor', login: 'iam' },
  proxy: { about: 'RDS Proxy; the same rights as an app, and a password', group: 'readfleet_app', login: 'password' },
};
