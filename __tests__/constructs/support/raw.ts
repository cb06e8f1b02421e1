import { TerraformResource, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { testApp } from './app';

/** A resource of any type, by Terraform's names: as a class of the provider writes it, without loading the class. */
export class Raw extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    terraformResourceType: string,
    readonly attributes: Readonly<Record<string, unknown>>,
  ) {
    super(scope, id, { terraformResourceType });
    this.overrideLogicalId(id);
    // Of the resource itself, not of its provider.
    if (attributes.count !== undefined) this.addOverride('count', attributes.count);
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...this.attributes };
  }
}

/** One that takes tags, as those of the provider do. */
export class RawTaggable extends Raw {
  get tagsInput(): unknown {
    return this.attributes.tags;
  }
}

export function emptyStack(id = 'own'): TerraformStack {
  return new TerraformStack(testApp(), id);
}

/** Resources by address, e.g. `{ 'aws_vpc.network': { cidr_block: '10.0.0.0/16' } }`. */
export function stackOf(resources: Readonly<Record<string, Readonly<Record<string, unknown>>>>): TerraformStack {
  const stack = emptyStack();
  for (const [address, attributes] of Object.entries(resources)) {
    const [type, name] = address.split('.') as [string, string];
    new Raw(stack, name, type, attributes);
  }
  return stack;
}
