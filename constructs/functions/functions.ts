import type { Construct } from 'constructs';
import type { FleetContract } from '../../lib/contract';
import type { Role } from '../../lib/roles/kinds';
import type { EncryptionKey } from '../encryption-key';
import { type Environment, prefix } from '../environment';
import type { FleetMembers } from '../members';
import type { FleetNetwork } from '../network';
import type { FleetProxy } from '../proxy';
import { SecretsAccess } from '../secrets-access';
import type { SecurityGroups } from '../security-groups';
import { Bootstrap } from './bootstrap';
import { Emitter } from './emitter';

/** The functions that an environment has: AWS itself measures lag on Aurora, and people may make the roles by hand. */
export function functionsOf(environment: Environment) {
  const { bootstrap, network } = environment;
  return {
    emits: environment.topology === 'aurora' ? undefined : environment.emitter,
    bootstraps: bootstrap.kind === 'lambda' && network.secretsRoute.kind !== 'none',
  };
}

/** The environment's PostgreSQL roles, whoever makes them: the function, or people who run `rolesSql` of them. */
export function databaseRoles(environment: Environment): Role[] {
  const { access, proxy } = environment;
  const { emits } = functionsOf(environment);
  return [
    { name: access.user, kind: 'app' },
    { name: access.readOnlyUser, kind: 'reader' },
    { name: access.migrationUser, kind: 'owner' },
    ...(emits ? [{ name: emits.user, kind: 'emitter' } as const] : []),
    ...(proxy ? [{ name: proxy.user, kind: 'proxy' } as const] : []),
  ];
}

export interface FleetFunctionsProps {
  readonly environment: Environment;
  readonly contract: FleetContract;
  readonly key: EncryptionKey;
  readonly network: FleetNetwork;
  readonly securityGroups: SecurityGroups;
  readonly members: FleetMembers;
  readonly proxy: FleetProxy | undefined;
}

/** The fleet's functions, in the order of a first deployment: the emitter logs in as a role that the bootstrap makes. */
export function fleetFunctions(
  scope: Construct,
  props: FleetFunctionsProps,
): { readonly emitter: Emitter | undefined } {
  const { contract, environment, key, members, network, proxy, securityGroups } = props;
  const { functionsId, functionsReady } = securityGroups;
  if (functionsId === undefined) return { emitter: undefined };
  const { database, fleet, name, region } = environment;
  const { secretsRoute } = environment.network;
  const { bootstraps, emits } = functionsOf(environment);
  const surroundings = {
    fleet,
    environment: name,
    region,
    members,
    accountId: key.accountId,
    keyArn: key.arn,
    subnetIds: network.subnetIds,
    securityGroupIds: [functionsId],
  };
  const reachable = [...key.ready, ...functionsReady];

  const bootstrap =
    bootstraps && secretsRoute.kind !== 'none'
      ? new Bootstrap(scope, 'bootstrap', {
          ...surroundings,
          database: database.name,
          roles: databaseRoles(environment).map((role) => (role.kind === 'proxy' && proxy ? proxyRole(proxy) : role)),
          secrets: new SecretsAccess(scope, 'secrets-access', {
            name: prefix(fleet, name),
            region,
            accountId: key.accountId,
            route: secretsRoute,
            network,
            functionsSecurityGroupId: functionsId,
          }),
          after: [...reachable, ...members.ready, ...(proxy?.secretReady ?? [])],
        })
      : undefined;
  const emitter = emits
    ? new Emitter(scope, 'emitter', {
        ...surroundings,
        settings: emits,
        contract,
        after: [...reachable, ...(bootstrap ? bootstrap.done : members.ready)],
      })
    : undefined;
  return { emitter };
}

function proxyRole({ user, secretArn, passwordVersion }: FleetProxy) {
  return { name: user, kind: 'proxy', secretArn, passwordVersion } as const;
}
