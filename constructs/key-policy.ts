import { policyDocument } from './iam';
import { partitionOf } from './partition';

export interface KeyPolicyProps {
  /** E.g. `orders-production`. */
  readonly name: string;
  /** AWS region. */
  readonly region: string;
  /** Account that the key is in (token). */
  readonly accountId: string;
}

/**
 * Who may use the fleet's key.
 *
 * RDS, Secrets Manager and Lambda are not among them: they act for whoever calls them, through grants, so what IAM allows the
 * caller is enough. Only services that act for themselves are named, each for this account alone. In a key's policy, the resource
 * `*` is that key.
 */
export function keyPolicy({ name, region, accountId }: KeyPolicyProps) {
  const partition = partitionOf(region);
  return policyDocument([
    {
      // Without this statement a key can be administered by nobody, and IAM policies say nothing of it.
      Sid: 'IamDecides',
      Effect: 'Allow',
      Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'LogsOfTheFleetsFunctions',
      Effect: 'Allow',
      Principal: { Service: logsService(region) },
      Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      Resource: '*',
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${accountId}:log-group:/aws/lambda/${name}-*`,
        },
      },
    },
    {
      // CloudWatch's alarms and RDS's events, on their way into a topic that the key encrypts.
      Sid: 'Alarms',
      Effect: 'Allow',
      Principal: { Service: ['cloudwatch.amazonaws.com', 'events.rds.amazonaws.com'] },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
    },
  ]);
}

/** CloudWatch Logs is one of the services whose name has the region in it, and the domain of the partition. */
function logsService(region: string): string {
  return `logs.${region}.amazonaws.com${partitionOf(region) === 'aws-cn' ? '.cn' : ''}`;
}
