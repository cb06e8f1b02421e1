import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { stateFile } from './applied-state';
import { type ConstructPath, type Diagnostic, diagnosticsIn, formatDiagnostics } from './diagnostics';
import { terraformEnvironment } from './environment';
import { findTerraform, type TerraformFinding } from './find-terraform';
import {
  type AppliedState,
  type MockTestOutcome,
  mockTestFile,
  parseMockTest,
  type Relation,
  TEST_FILE,
} from './mock-test';
import { mockable } from './mockable';
import { offlineOverride, type StackJson, withoutRoles } from './overrides';
import { type Plan, parsePlan } from './plan';
import { type Ended, runProcess } from './process';
import { chooseProviderSource, type ProviderSource, writeCliConfig } from './provider-source';
import { TerraformError } from './terraform-error';

/** The file that cdktf writes for each stack. */
const STACK_FILE = 'cdk.tf.json';
const OFFLINE_FILE = 'offline_override.tf.json';

/** Folders below a workspace in which variants of its stack run. */
const VARIANTS = /^(mock-test|plan-over|plan)$/;

/** Of a stack folder, what belongs to the runs of a person and not to the stack. */
const LEFT_BEHIND = /^(\.terraform|\.terraform\.lock\.hcl|.*\.tfstate(\..*)?|plan|.*_override\.tf\.json)$/;

/** Generous: these run beside other work, and the first `init` may have to download 150 MB. */
const TIMEOUT_MS = 600_000;

export interface WorkspaceOptions {
  /** @default - found on this machine; see {@link findTerraform} */
  readonly terraform?: TerraformFinding;
  /** @default - chosen for this machine; see {@link chooseProviderSource} */
  readonly source?: ProviderSource;
  /**
   * Whether AWS must not be asked: local state, dummy keys, and an endpoint where nobody answers.
   * @default true - false runs the stack as it is, with the credentials and endpoints of the environment
   */
  readonly offline?: boolean;
  /** Stops whatever command runs, and its plugins. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds that each command may take.
   * @default 600000
   */
  readonly timeoutMs?: number;
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
}

/** What `terraform validate` found. */
export interface Validation {
  readonly valid: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** The diagnostics as a text for a terminal; empty when there are none. */
  readonly text: string;
}

/**
 * A copy of one synthesised stack in a folder of its own, on which Terraform runs without touching the original.
 *
 * @example
 * const workspace = await TerraformWorkspace.open('cdktf.out/stacks/dev');
 * try {
 *   await workspace.init();
 *   const plan = await workspace.plan();
 * } finally {
 *   await workspace.close();
 * }
 */
export class TerraformWorkspace {
  private constructor(
    /** The folder; gone after {@link close}. */
    readonly folder: string,
    private readonly name: string,
    private readonly path: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly stack: StackJson,
    private readonly constructPath: ConstructPath,
    private readonly options: WorkspaceOptions,
  ) {}

  /**
   * @param stackFolder where cdktf wrote the stack: `<outdir>/stacks/<environment>`
   * @throws TerraformError `READFLEET_STACK_MISSING`, `READFLEET_TERRAFORM_MISSING`
   */
  static async open(stackFolder: string, options: WorkspaceOptions = {}): Promise<TerraformWorkspace> {
    const name = basename(resolve(stackFolder));
    const stack = await readStack(stackFolder);
    const base = options.env ?? process.env;
    const terraform = options.terraform ?? (await findTerraform(base));
    if (terraform.kind === 'missing') {
      throw new TerraformError('READFLEET_TERRAFORM_MISSING', `${terraform.reason} ${terraform.fix}`);
    }
    const source = options.source ?? chooseProviderSource(base);
    const offline = options.offline ?? true;
    const folder = await mkdtemp(join(tmpdir(), 'readfleet-terraform-'));
    try {
      await cp(stackFolder, folder, { recursive: true, filter: (file) => !LEFT_BEHIND.test(basename(file)) });
      if (offline) {
        await writeJson(join(folder, STACK_FILE), withoutRoles(stack));
        await writeJson(join(folder, OFFLINE_FILE), offlineOverride(stack));
      }
      const cliConfigFile = await writeCliConfig(source, join(folder, 'readfleet.tfrc'));
      const env = terraformEnvironment({ offline, cliConfigFile }, base);
      return new TerraformWorkspace(folder, name, terraform.path, env, stack, constructPaths(stack), options);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /**
   * Installs the provider and prepares the backend.
   *
   * @param init.backend false leaves the backend alone, which is enough for {@link validate}
   */
  async init(init: { readonly backend?: boolean } = {}): Promise<void> {
    await this.succeed(['init', '-json', '-input=false', ...(init.backend === false ? ['-backend=false'] : [])]);
  }

  /** Holds the configuration against the provider's schema. What is wrong with it is told, not thrown. */
  async validate(): Promise<Validation> {
    const ended = await this.run(['validate', '-json', '-no-color']);
    const diagnostics = diagnosticsIn(ended.stdout);
    const errors = diagnostics.some(({ severity }) => severity === 'error');
    if (ended.code !== 0 && !errors) throw this.failure('validate', ended);
    return { valid: ended.code === 0, diagnostics, text: formatDiagnostics(diagnostics, this.constructPath) };
  }

  /** Plans, and reads the plan. */
  plan(): Promise<Plan> {
    return this.planIn(this.folder);
  }

  /**
   * Plans, and applies to a mocked AWS that Terraform keeps in memory: what refers to what then has a value, and the
   * relations are asked of the values. Nothing is thrown for what does not hold. Needs {@link init}.
   */
  async mockTest(relations: readonly Relation[] = []): Promise<MockTestOutcome> {
    const folder = await this.mocked('mock-test');
    await writeJson(join(folder, TEST_FILE), mockTestFile(this.stack, relations));
    const ended = await this.run(['test', '-json', '-verbose'], folder);
    const outcome = parseMockTest(ended.stdout, this.stack, relations, this.constructPath);
    if (ended.code !== 0 && outcome.text === '' && outcome.relations.every(({ holds }) => holds)) {
      throw this.failure('test', ended);
    }
    return outcome;
  }

  /**
   * Plans with the real provider against what a mocked apply left, of this stack or of one that it follows: what an
   * upgrade would change, replace or destroy. `prevent_destroy` is taken out, so that it is told and not refused.
   *
   * @param state see `settled`
   */
  async planOver(state: AppliedState): Promise<Plan> {
    const folder = await this.mocked('plan-over');
    await writeJson(join(folder, 'terraform.tfstate'), stateFile(state));
    return this.planIn(folder, ['-refresh=false']);
  }

  /** Runs any other command of Terraform. An exit code other than 0 is no error. */
  run(args: readonly string[], folder = this.folder): Promise<Ended> {
    const { signal, timeoutMs = TIMEOUT_MS } = this.options;
    // What init installed serves the variants of the stack below the folder as well.
    const env = folder === this.folder ? this.env : { ...this.env, TF_DATA_DIR: join(this.folder, '.terraform') };
    return runProcess(this.path, args, { cwd: folder, env, timeoutMs, ...(signal ? { signal } : {}) });
  }

  /** Removes the folder. */
  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private async planIn(folder: string, options: readonly string[] = []): Promise<Plan> {
    const planned = await this.succeed(
      ['plan', '-json', '-input=false', '-lock=false', '-out=plan', ...options],
      folder,
    );
    const shown = await this.succeed(['show', '-json', 'plan'], folder);
    return parsePlan(shown.stdout, diagnosticsIn(planned.stdout));
  }

  /** A variant of the stack that needs neither AWS nor ephemeral values, in a folder below, without a state. */
  private async mocked(name: string): Promise<string> {
    const folder = join(this.folder, name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    for (const entry of await readdir(this.folder)) {
      if (VARIANTS.test(entry) || entry === '.terraform') continue;
      await cp(join(this.folder, entry), join(folder, entry), { recursive: true });
    }
    await writeJson(join(folder, STACK_FILE), mockable(withoutRoles(this.stack)));
    await writeJson(join(folder, OFFLINE_FILE), offlineOverride(this.stack));
    return folder;
  }

  private async succeed(args: readonly string[], folder = this.folder): Promise<Ended> {
    const ended = await this.run(args, folder);
    if (ended.code !== 0) throw this.failure(args[0] ?? '', ended);
    return ended;
  }

  private failure(command: string, ended: Ended): TerraformError {
    const diagnostics = diagnosticsIn(ended.stdout);
    const said = formatDiagnostics(diagnostics, this.constructPath) || ended.stderr.trim() || ended.stdout.trim();
    return new TerraformError('READFLEET_TERRAFORM_FAILED', `${this.name}: terraform ${command} failed\n${said}`, {
      diagnostics,
    });
  }
}

/** Does something with a stack in a workspace that is initialised first and removed after. */
export async function withWorkspace<T>(
  stackFolder: string,
  options: WorkspaceOptions,
  work: (workspace: TerraformWorkspace) => Promise<T>,
): Promise<T> {
  const workspace = await TerraformWorkspace.open(stackFolder, options);
  try {
    await workspace.init();
    return await work(workspace);
  } finally {
    await workspace.close();
  }
}

/** `terraform validate` of one synthesised stack, offline. */
export function validateStack(
  stackFolder: string,
  options: Omit<WorkspaceOptions, 'offline'> = {},
): Promise<Validation> {
  return withWorkspace(stackFolder, options, (workspace) => workspace.validate());
}

/** `terraform plan` of one synthesised stack, as if nothing were there yet, offline. */
export function planStack(stackFolder: string, options: Omit<WorkspaceOptions, 'offline'> = {}): Promise<Plan> {
  return withWorkspace(stackFolder, options, (workspace) => workspace.plan());
}

async function readStack(folder: string): Promise<StackJson> {
  const file = join(folder, STACK_FILE);
  try {
    return JSON.parse(await readFile(file, 'utf8')) as StackJson;
  } catch (cause) {
    const message = `${file} cannot be read: ${(cause as Error).message}. Synthesise first: npm run synth.`;
    throw new TerraformError('READFLEET_STACK_MISSING', message, { cause });
  }
}

/** cdktf leaves in each resource a note of the construct that made it. */
function constructPaths(stack: StackJson): ConstructPath {
  return (address) => {
    const [type = '', name = ''] = address.split('.');
    const resource = stack.resource?.[type]?.[name.replace(/\[.*$/, '')] as
      | { '//'?: { metadata?: { path?: string } } }
      | undefined;
    return resource?.['//']?.metadata?.path;
  };
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, JSON.stringify(value, undefined, 2));
}
