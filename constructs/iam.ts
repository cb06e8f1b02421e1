import { partitionOf } from './partition';

/** A policy of IAM, or of a resource, as AWS takes it. */
export function policyDocument<S extends object>(statements: readonly S[]) {
  return { Version: '2012-10-17', Statement: statements } as const;
}

/** Who may take on a role: a service of AWS, and nobody else. As JSON. */
export function assumedBy(service: string): string {
  return JSON.stringify(
    policyDocument([{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }]),
  );
}

/** Where something is, as ARNs say it. */
export interface Place {
  /** AWS region, which decides the partition too. */
  readonly region: string;
  /** Account (token). */
  readonly accountId: string;
}

/** What `rds-db:connect` is allowed on: a login as `user`, to the members that a resource id stands for. */
export function loginArn({ accountId, region }: Place, resourceId: string, user: string): string {
  return `arn:${partitionOf(region)}:rds-db:${region}:${accountId}:dbuser:${resourceId}/${user}`;
}

/** Lets apps read parameters of SSM, by their names. */
export function readParameters({ accountId, region }: Place, names: readonly string[]) {
  return {
    Sid: 'ReadFleetParameters',
    Effect: 'Allow',
    Action: ['ssm:GetParameter', 'ssm:GetParameters'],
    Resource: names.map((name) => `arn:${partitionOf(region)}:ssm:${region}:${accountId}:parameter${name}`),
  } as const;
}
