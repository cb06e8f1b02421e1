import type { ProviderSource, TerraformFinding } from '../../terraform';

/** Where the finding travels from jest's own process to its workers and to the reporter, which is no module of ours. */
const VARIABLE = 'READFLEET_TEST_TOOLS';

export type ToolName = keyof Tools;

/** Whether a tool can be had here. */
export type Tool<Found> =
  | ({ readonly kind: 'found' } & Found)
  | { readonly kind: 'missing'; readonly title: string; readonly reason: string; readonly fix: string };

export interface Tools {
  /** The program together with the AWS provider: neither is of use to a test without the other. */
  readonly terraform: Tool<{
    readonly terraform: Extract<TerraformFinding, { kind: 'found' }>;
    readonly source: ProviderSource;
  }>;
  /** The browser that the status page is looked at with. */
  readonly chromium: Tool<{ readonly path: string }>;
  /** Prometheus' own judge of rules. */
  readonly promtool: Tool<{ readonly path: string }>;
  /** Not a program, but not to be had everywhere either: what root alone can see go right or wrong. */
  readonly superuser: Tool<object>;
  /** Packages of their own: the lowest versions that the adapters take. */
  readonly lowest: Tool<object>;
}

/** Keeps what was found for the workers, which inherit the environment. */
export function keepFindings(tools: Tools): void {
  process.env[VARIABLE] = JSON.stringify(tools);
}

/** What was found on this machine. */
export function findings(): Tools {
  const kept = process.env[VARIABLE];
  if (!kept) throw new Error('left-out-setup.ts has not run: name it in jest.config.cjs as globalSetup.');
  return JSON.parse(kept) as Tools;
}

/** Where a program is that the machine is known to have. */
export function programHere(tool: 'chromium' | 'promtool'): string {
  const finding = findings()[tool];
  if (finding.kind === 'missing') throw new Error(`${finding.reason} ${finding.fix}`);
  return finding.path;
}

/** What {@link TerraformWorkspace.open} needs, so that each test does not search anew. */
export function terraformHere(): { readonly terraform: TerraformFinding; readonly source: ProviderSource } {
  const { terraform } = findings();
  if (terraform.kind === 'missing') throw new Error(`${terraform.reason} ${terraform.fix}`);
  return { terraform: terraform.terraform, source: terraform.source };
}
