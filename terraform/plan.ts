import type { Diagnostic } from './diagnostics';

export type PlannedAction = 'no-op' | 'create' | 'read' | 'update' | 'delete' | 'forget';

/** What a plan does to one resource. */
export interface PlannedResource {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly mode: 'managed' | 'data' | 'ephemeral';
  /** More than one when it is replaced: `['delete', 'create']`. */
  readonly actions: readonly PlannedAction[];
  /** What is there now; null when it is created. */
  readonly before: Readonly<Record<string, unknown>> | null;
  /** What will be there, as far as the plan knows; null when it is deleted. */
  readonly after: Readonly<Record<string, unknown>> | null;
  /** `true` at each attribute that only the apply will know. */
  readonly afterUnknown: Readonly<Record<string, unknown>>;
}

/** A plan, as `terraform show -json` tells it. */
export interface Plan {
  /** Also those without a change. */
  readonly resources: readonly PlannedResource[];
  /** What each output will be; undefined where only the apply will know. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Warnings that Terraform gave on the way. */
  readonly warnings: readonly Diagnostic[];
  /** The whole document, to search for what must not be in it. */
  readonly json: string;
}

/** The resources of one type, e.g. `aws_db_instance`. */
export function ofType(plan: Plan, type: string): PlannedResource[] {
  return plan.resources.filter((resource) => resource.type === type);
}

/** How many resources a plan creates, changes and destroys. A replacement counts in both, as in Terraform. */
export function countActions(plan: Plan): {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
} {
  const having = (action: PlannedAction) => plan.resources.filter(({ actions }) => actions.includes(action)).length;
  return { create: having('create'), update: having('update'), delete: having('delete') };
}

/**
 * Reads the output of `terraform show -json <plan>`.
 *
 * @param warnings what the command that made the plan said
 */
export function parsePlan(json: string, warnings: readonly Diagnostic[] = []): Plan {
  const document = JSON.parse(json) as {
    readonly resource_changes?: readonly RawChange[];
    readonly output_changes?: Readonly<Record<string, { readonly after?: unknown }>>;
  };
  return {
    resources: (document.resource_changes ?? []).map((raw) => ({
      address: raw.address,
      type: raw.type,
      name: raw.name,
      mode: raw.mode,
      actions: raw.change.actions,
      before: raw.change.before,
      after: raw.change.after,
      afterUnknown: raw.change.after_unknown ?? {},
    })),
    outputs: Object.fromEntries(
      Object.entries(document.output_changes ?? {}).map(([name, { after }]) => [name, after]),
    ),
    warnings,
    json,
  };
}

interface RawChange extends Pick<PlannedResource, 'address' | 'type' | 'name' | 'mode'> {
  readonly change: Pick<PlannedResource, 'actions' | 'before' | 'after'> & {
    readonly after_unknown?: PlannedResource['afterUnknown'];
  };
}
