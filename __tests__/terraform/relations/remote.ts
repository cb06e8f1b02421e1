import { type RelationsOf, text } from './stack';

/** A replica in another region follows the primary from there, with what is of that region, and has a contract there. */
export const remoteRelations: RelationsOf = (environment) => {
  if (environment.topology !== 'instances') return [];
  const user = environment.access.user;
  return Object.entries(environment.remoteReplicas).flatMap(([name, { region }]) => {
    const replica = `aws_db_instance.${region}-replica-${name}`;
    const told = `jsondecode(aws_ssm_parameter.${region}-contract.insecure_value)`;
    return [
      {
        name: `${name} follows the primary from ${region}, by its ARN`,
        condition: `${replica}.replicate_source_db == aws_db_instance.primary.arn`,
      },
      {
        name: `${name} has what is of ${region}`,
        condition:
          `${replica}.db_subnet_group_name == aws_db_subnet_group.${region}-fleet.name && ` +
          `${replica}.parameter_group_name == aws_db_parameter_group.${region}-fleet.name && ` +
          `toset(${replica}.vpc_security_group_ids) == toset([aws_security_group.${region}-members.id])`,
      },
      {
        name: `the contract in ${region} names ${name}, and the primary to write to`,
        condition:
          `[for reader in ${told}.readers : reader.host if reader.name == ${text(name)}] == [${replica}.address] && ` +
          `${told}.writer.host == aws_db_instance.primary.address`,
      },
      {
        name: `the client policy of ${region} lets apps connect to ${name}`,
        condition: `strcontains(aws_iam_policy.${region}-client.policy, ":dbuser:\${${replica}.resource_id}/${user}\\"")`,
      },
    ];
  });
};
