/** The PostgreSQL roles of a fleet: one source for the bootstrap function and for people. Not part of what apps load. */
export { DEFAULT_ROLE_NAMES, ROLE_KINDS, type Role, type RoleKind } from './kinds';
export { rolesOf, rolesSql } from './script';
export { LOCK_STATEMENT, type RoleStatement, type RoleStatementsOptions, roleStatements } from './statements';
