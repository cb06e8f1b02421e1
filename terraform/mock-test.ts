import { type ConstructPath, type Diagnostic, diagnosticsIn, formatDiagnostics } from './diagnostics';
import { type MockedResource, mockedValues } from './mock-values';
import { providerBlocks, type StackJson } from './overrides';

/** Something that must be true of a stack once it is applied. */
export interface Relation {
  /** A sentence: `replica blue follows the primary`. */
  readonly name: string;
  /** In Terraform's language, over applied values: `aws_db_instance.replica-blue.replicate_source_db == …`. */
  readonly condition: string;
}

/** What became of one relation. */
export interface RelationOutcome {
  readonly name: string;
  readonly holds: boolean;
  /** Why it does not hold, with the values that Terraform compared and the constructs they come from; empty when it holds. */
  readonly text: string;
}

/** A resource as a mocked apply left it. */
export interface AppliedResource {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly provider: string;
  /** Of its provider, where it is not the default one. */
  readonly alias?: string;
  readonly schemaVersion: number;
  readonly values: Readonly<Record<string, unknown>>;
  /** `true` at each attribute that the provider's schema calls sensitive. */
  readonly sensitive: Readonly<Record<string, unknown>>;
  readonly dependsOn: readonly string[];
}

/** The state after a mocked apply. */
export interface AppliedState {
  readonly resources: readonly AppliedResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

export type RunStatus = 'pass' | 'fail' | 'error' | 'skip';

/** What `terraform test` made of a stack. */
export interface MockTestOutcome {
  /** Of the runs `plan` and `apply`. `fail` means that a relation does not hold, `error` that the run came to no end. */
  readonly runs: Readonly<Record<'plan' | 'apply', RunStatus>>;
  /** In the order in which they were asked. None holds when the apply came to no good end. */
  readonly relations: readonly RelationOutcome[];
  /** Absent when the apply came to no good end. */
  readonly state?: AppliedState;
  /** All that Terraform said but for relations that do not hold. */
  readonly diagnostics: readonly Diagnostic[];
  /** The same as a text for a terminal; empty when it said nothing. */
  readonly text: string;
}

/** Name of the test file: Terraform's own ending for tests in JSON. */
export const TEST_FILE = 'relations.tftest.json';

/** The test that plans and applies a stack against a mocked AWS and asks whether the relations hold. */
export function mockTestFile(stack: StackJson, relations: readonly Relation[]): Record<string, unknown> {
  const assert = relations.map(({ name, condition }) => ({
    condition: `\${${condition}}`,
    error_message: name.replaceAll(/[$%](?=\{)/g, '$&$&'),
  }));
  return {
    mock_provider: { aws: providerBlocks(stack).map(({ alias }) => (alias === undefined ? {} : { alias })) },
    override_resource: overrides(stack),
    run: [{ plan: { command: 'plan' } }, { apply: { command: 'apply', ...(assert.length > 0 ? { assert } : {}) } }],
  };
}

/** Reads what `terraform test -json -verbose` wrote. */
export function parseMockTest(
  output: string,
  stack: StackJson,
  relations: readonly Relation[],
  constructPath: ConstructPath = () => undefined,
): MockTestOutcome {
  const runs: Record<'plan' | 'apply', RunStatus> = { plan: 'skip', apply: 'skip' };
  const refused = new Map<number, string[]>();
  const diagnostics: Diagnostic[] = [];
  let state: AppliedState | undefined;
  for (const event of eventsIn(output)) {
    const { test_run: run } = event;
    if (run?.progress === 'complete' && run.status && (run.run === 'plan' || run.run === 'apply')) {
      runs[run.run] = run.status;
    }
    if (event.test_state && event['@testrun'] === 'apply') state = appliedState(event.test_state, stack);
    if (!event.diagnostic) continue;
    const index = relationIndex(event.diagnostic);
    if (index === undefined) diagnostics.push(...diagnosticsIn(JSON.stringify({ diagnostics: [event.diagnostic] })));
    else refused.set(index, [...(refused.get(index) ?? []), ...reasons(event.diagnostic, constructPath)]);
  }
  const applied = state !== undefined && diagnostics.every(({ severity }) => severity !== 'error');
  return {
    runs,
    relations: relations.map(({ name, condition }, index) => {
      const why = refused.get(index) ?? (applied ? [] : [NOT_APPLIED]);
      const text = [`It is not so that ${name}:`, condition, ...why].join('\n  ');
      return why.length === 0 ? { name, holds: true, text: '' } : { name, holds: false, text };
    }),
    ...(applied && state ? { state } : {}),
    diagnostics,
    text: formatDiagnostics(diagnostics, constructPath),
  };
}

/** Values for each resource on its own, so that two of one type never agree by accident. */
function overrides(stack: StackJson): unknown[] {
  const blocks = providerBlocks(stack);
  return Object.entries(stack.resource ?? {}).flatMap(([type, all]) =>
    Object.entries(all).flatMap(([name, attributes]) => {
      const { alias } = aliasOf(stack, type, name);
      const block = blocks.find((one) => one.alias === alias) ?? blocks[0];
      const region = typeof block?.region === 'string' ? block.region : 'eu-central-1';
      const values = mockedValues({
        type,
        name,
        region,
        attributes: attributes as MockedResource['attributes'] & object,
      });
      return values ? [{ target: `${type}.${name}`, values }] : [];
    }),
  );
}

/** A resource says `aws.paris` where its provider is not the default one; the state that Terraform tells does not. */
function aliasOf(stack: StackJson, type: string, name: string): { readonly alias?: string } {
  const { provider } = (stack.resource?.[type]?.[name] ?? {}) as { readonly provider?: string };
  const alias = provider?.split('.')[1];
  return alias === undefined ? {} : { alias };
}

/** Which relation a diagnostic is about: Terraform says where in the test file it stands. */
function relationIndex(diagnostic: RawDiagnostic): number | undefined {
  const index = /^run\[\d+\]\.apply\.assert\[(\d+)\]/.exec(diagnostic.snippet?.context ?? '')?.[1];
  return index === undefined ? undefined : Number(index);
}

/** Why a relation does not hold: what Terraform compared, and the construct of each value. */
function reasons(diagnostic: RawDiagnostic, constructPath: ConstructPath): string[] {
  const values = (diagnostic.snippet?.values ?? []).map(({ traversal, statement }) => {
    const path = constructPath(traversal.split('.').slice(0, 2).join('.'));
    return `${traversal} ${statement}${path === undefined ? '' : `  construct ${path}`}`;
  });
  return diagnostic.summary === ASSERTION_FAILED ? values : [`${diagnostic.summary}: ${diagnostic.detail}`, ...values];
}

function appliedState(raw: RawState, stack: StackJson): AppliedState {
  return {
    resources: (raw.root_module?.resources ?? []).map((one) => ({
      address: one.address,
      mode: one.mode,
      type: one.type,
      name: one.name,
      provider: one.provider_name,
      ...aliasOf(stack, one.type, one.name),
      schemaVersion: one.schema_version,
      values: one.values,
      sensitive: one.sensitive_values ?? {},
      dependsOn: one.depends_on ?? [],
    })),
    outputs: Object.fromEntries(Object.entries(raw.outputs ?? {}).map(([name, { value }]) => [name, value])),
  };
}

function eventsIn(output: string): RawEvent[] {
  return output.split('\n').flatMap((line) => {
    // Each plan and state carries the schemas of the whole provider, 13 MB that say nothing of the stack.
    if (!line.startsWith('{') || line.includes('"type":"test_plan"')) return [];
    return [JSON.parse(line) as RawEvent];
  });
}

const NOT_APPLIED = 'The stack was not applied, or Terraform could not make sense of another relation.';
const ASSERTION_FAILED = 'Test assertion failed';

interface RawEvent {
  readonly '@testrun'?: string;
  readonly test_run?: { readonly run: string; readonly progress: string; readonly status?: RunStatus };
  readonly test_state?: RawState;
  readonly diagnostic?: RawDiagnostic;
}

interface RawDiagnostic {
  readonly summary: string;
  readonly detail: string;
  readonly snippet?: {
    readonly context?: string;
    readonly values?: readonly { readonly traversal: string; readonly statement: string }[];
  };
}

interface RawState {
  readonly outputs?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly root_module?: {
    readonly resources?: readonly {
      readonly address: string;
      readonly mode: 'managed' | 'data';
      readonly type: string;
      readonly name: string;
      readonly provider_name: string;
      readonly schema_version: number;
      readonly values: Readonly<Record<string, unknown>>;
      readonly sensitive_values?: Readonly<Record<string, unknown>>;
      readonly depends_on?: readonly string[];
    }[];
  };
}
