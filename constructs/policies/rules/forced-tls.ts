import { policy, UNKNOWN } from '../policy';

const PARAMETER = 'rds.force_ssl';

/** From this major version on, PostgreSQL of RDS and of Aurora force TLS by default. From memory, as of 2026-06. */
const FORCED_FROM: Readonly<Record<string, number>> = { postgres: 15, 'aurora-postgresql': 17 };

interface Parameter {
  readonly name?: unknown;
  readonly value?: unknown;
}

export const forcedTls = policy({
  code: 'READFLEET_POLICY_FORCED_TLS',
  title: 'The server refuses connections without TLS.',
  controls: ['RDS.38'],
  types: ['aws_db_parameter_group', 'aws_rds_cluster_parameter_group'],
  check: (resource) => {
    const family = /^(postgres|aurora-postgresql)(\d+)$/.exec(String(resource.get('family')));
    // The instances of an Aurora cluster have it from their cluster's group.
    if (!family || (family[1] === 'aurora-postgresql' && resource.type === 'aws_db_parameter_group')) return [];
    const parameters = resource.get('parameter');
    if (parameters === UNKNOWN) return [];
    const said = [parameters ?? []].flat().find((one) => (one as Parameter).name === PARAMETER) as
      | Parameter
      | undefined;
    const forced = said ? String(said.value) !== '0' : Number(family[2]) >= (FORCED_FROM[String(family[1])] ?? 0);
    if (forced) return [];
    return [
      {
        property: 'parameter',
        got: said ?? `no ${PARAMETER}`,
        message: 'A client that asks for no TLS gets none, and its password and rows cross the network in the clear.',
        fix: `Add { name: '${PARAMETER}', value: '1' }.`,
      },
    ];
  },
});
