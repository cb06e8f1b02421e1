import type { Environment, ReadFleetStack } from '../constructs';

/** A resource of a stack, as Terraform's JSON has it. */
export interface Resource {
  /** E.g. `aws_db_instance`. */
  readonly type: string;
  /** Logical id, e.g. `replica-blue`. */
  readonly name: string;
  readonly region: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * What an estimate is made of: sizes from the environment, and what there is of each from the stack that is deployed. So an alarm,
 * a replica or an endpoint is counted where it is made, and nothing of the constructs is said here again.
 */
export interface Deployment {
  readonly environment: Environment;
  readonly resources: readonly Resource[];
  /** Members that take reads, in the environment's region. Of a Multi-AZ cluster all three: any of them may be one. */
  readonly readers: number;
}

interface TerraformJson {
  readonly provider?: { readonly aws?: readonly { readonly region: string; readonly alias?: string }[] };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Resource['attributes']>>>>;
}

/** Reads `stack` without writing it: policies are not asked, so that what they refuse can be estimated as well. */
export function deploymentOf(stack: ReadFleetStack): Deployment {
  const { environment, members } = stack;
  return {
    environment,
    resources: resourcesOf(stack.toTerraform(), environment.region),
    readers: members.readers.length,
  };
}

function resourcesOf(json: TerraformJson, region: string): Resource[] {
  const regions = new Map(
    (json.provider?.aws ?? []).flatMap(({ alias, region }) => (alias === undefined ? [] : [[`aws.${alias}`, region]])),
  );
  return Object.entries(json.resource ?? {}).flatMap(([type, byName]) =>
    Object.entries(byName).map(([name, attributes]) => ({
      type,
      name,
      attributes,
      region: regions.get(String(attributes.provider)) ?? region,
    })),
  );
}

/** The resources of one type. */
export function ofType({ resources }: Deployment, type: string): Resource[] {
  return resources.filter((resource) => resource.type === type);
}
