import { TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';

/** Every resource in `scope` and below, whoever made it. */
export function resourcesIn(scope: IConstruct): TerraformResource[] {
  return scope.node.findAll().filter((node) => TerraformResource.isTerraformResource(node));
}

/** What Terraform calls it, e.g. `aws_db_instance.primary`. It fixes the logical id: cdktf refuses another from then on. */
export function addressOf(resource: TerraformResource): string {
  return `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
}
