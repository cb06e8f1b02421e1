import {
  DefaultTokenResolver,
  StringConcat,
  TerraformProvider,
  type TerraformResource,
  type TerraformStack,
  Tokenization,
} from 'cdktf';
import type { IConstruct } from 'constructs';
import { addressOf, resourcesIn } from '../resources';
import { isUnknownText, type PolicyResource, type PolicyStack, UNKNOWN } from './policy';

type Attributes = Readonly<Record<string, unknown>>;

/** A resource, read as it will be written: through `toTerraform()`, which has the overrides, and with its tokens resolved. */
export class ResourceView implements PolicyResource {
  readonly type: string;
  readonly address: string;
  readonly taggable: boolean;

  private written: Attributes | undefined;
  private resolved: Attributes | undefined;

  constructor(readonly construct: TerraformResource) {
    this.type = construct.terraformResourceType;
    this.address = addressOf(construct);
    this.taggable = 'tagsInput' in construct;
  }

  get(property: string): unknown {
    const value = this.text(property);
    if (isUnknownText(value)) return UNKNOWN;
    // Terraform takes either.
    return value === 'true' ? true : value === 'false' ? false : value;
  }

  document(property: string): unknown {
    // Not resolved: an expression within may hold quotes, a token holds none.
    const value = this.raw[property];
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return UNKNOWN;
    try {
      return JSON.parse(value);
    } catch {
      // A token, or a text that Terraform will complain about.
      return UNKNOWN;
    }
  }

  reference(property: string): string | undefined {
    const value = this.text(property);
    return typeof value === 'string' ? /^\$\{([a-z0-9_]+\.[\w-]+)\.[^}]*\}$/.exec(value)?.[1] : undefined;
  }

  mentions(other: PolicyResource): boolean {
    return JSON.stringify(this.attributes).includes(`${other.address}.`);
  }

  private text(property: string): unknown {
    let value: unknown = this.attributes;
    for (const key of property.split('.')) {
      if (isDynamic(value, key)) return `\${${key}}`;
      // A block that can be there once is an object or a list of one.
      if (Array.isArray(value)) value = value[0];
      if (isUnknownText(value)) return value;
      value = (value as Attributes | null | undefined)?.[key];
    }
    return value ?? undefined;
  }

  /** Only what a policy asks about is read at all. */
  private get raw(): Attributes {
    const { construct } = this;
    this.written ??= construct.toTerraform().resource?.[this.type]?.[construct.friendlyUniqueId] ?? {};
    return this.written as Attributes;
  }

  private get attributes(): Attributes {
    this.resolved ??= Tokenization.resolve(this.raw, {
      scope: this.construct,
      resolver: new DefaultTokenResolver(new StringConcat()),
    }) as Attributes;
    return this.resolved;
  }
}

/** Whether a block comes from a `dynamic` block, of which nothing is known. */
function isDynamic(parent: unknown, key: string): boolean {
  const { dynamic } = (parent ?? {}) as { dynamic?: Attributes };
  return dynamic?.[key] !== undefined;
}

/** All resources of a stack, each read once. */
export class StackView implements PolicyStack {
  private readonly byType = new Map<string, ResourceView[]>();
  private readonly byAddress = new Map<string, ResourceView>();
  private readonly byConstruct = new Map<IConstruct, ResourceView>();
  private ofProviders: readonly string[] | undefined;

  constructor(
    private readonly stack: TerraformStack,
    readonly wantedTags: readonly string[],
  ) {
    for (const resource of resourcesIn(stack)) {
      const view = new ResourceView(resource);
      this.byType.set(view.type, [...(this.byType.get(view.type) ?? []), view]);
      this.byAddress.set(view.address, view);
      this.byConstruct.set(resource, view);
    }
  }

  of(construct: IConstruct): ResourceView | undefined {
    return this.byConstruct.get(construct);
  }

  ofType(...types: readonly string[]): readonly PolicyResource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  at(address: string | undefined): PolicyResource | undefined {
    return address === undefined ? undefined : this.byAddress.get(address);
  }

  /** Asked for each resource, and the same for all of them. */
  get defaultTags(): readonly string[] {
    this.ofProviders ??= this.stack.node
      .findAll()
      .filter((node) => TerraformProvider.isTerraformProvider(node))
      .flatMap((provider) => {
        const [{ default_tags }] = (provider.toTerraform().provider?.[provider.terraformResourceType] ?? [{}]) as [
          { default_tags?: unknown },
        ];
        return [default_tags]
          .flat()
          .flatMap((block) => Object.keys((block as { tags?: object } | undefined)?.tags ?? {}));
      });
    return this.ofProviders;
  }
}
