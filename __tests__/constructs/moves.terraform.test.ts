import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, LocalBackend, TerraformStack } from 'cdktf';
import { type Move, moved, TerraformData } from '../../constructs';
import { pin } from '../../constructs/pin';
import { describeWith, terraform } from '../support/left-out';
import { terraformHere } from '../support/left-out-tools';

interface Change {
  readonly address: string;
  readonly previous_address?: string;
  readonly change: { readonly actions: readonly string[] };
}

describeWith(terraform, 'a state of the real Terraform', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'readfleet-moved-'));
    // `terraform_data` is of Terraform itself: no provider is loaded, and no cloud is asked.
    run(['init', '-input=false'], synthesised('blue'));
    run(['apply', '-input=false', '-auto-approve'], synthesised('blue'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Writes a stack with one resource of this name, and tells its folder. */
  function synthesised(name: string, moves: readonly Move[] = []): string {
    const app = new App({ outdir: folder, stackTraces: false });
    const stack = new TerraformStack(app, 'own');
    new LocalBackend(stack, { path: path.join(folder, 'state.tfstate') });
    pin(new TerraformData(stack, 'data', { input: 'kept' }), name);
    moved(stack, moves);
    app.synth();
    return path.join(folder, 'stacks/own');
  }

  function run(args: readonly string[], cwd: string): string {
    const { terraform: program } = terraformHere();
    if (program.kind === 'missing') throw new Error(program.reason);
    const { status, stderr, stdout } = spawnSync(program.path, args, {
      cwd,
      env: { ...process.env, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`terraform ${args[0]}: ${stderr}${stdout}`);
    return stdout;
  }

  function changes(stack: string): readonly Change[] {
    run(['plan', '-input=false', '-out=plan'], stack);
    const { resource_changes } = JSON.parse(run(['show', '-json', 'plan'], stack)) as {
      resource_changes: readonly Change[];
    };
    return resource_changes.map(({ address, previous_address, change: { actions } }) => ({
      address,
      ...(previous_address === undefined ? {} : { previous_address }),
      change: { actions },
    }));
  }

  test('would replace a resource of another name', () => {
    expect(changes(synthesised('azure'))).toEqual([
      { address: 'terraform_data.azure', change: { actions: ['create'] } },
      { address: 'terraform_data.blue', change: { actions: ['delete'] } },
    ]);
  });

  test('moves it when it is told so, and destroys nothing', () => {
    const move = { from: 'terraform_data.blue', to: 'terraform_data.azure' };

    expect(changes(synthesised('azure', [move]))).toEqual([
      { address: 'terraform_data.azure', previous_address: 'terraform_data.blue', change: { actions: ['no-op'] } },
    ]);
  });

  test('follows a chain from whichever name it has', () => {
    const chain = [
      { from: 'terraform_data.navy', to: 'terraform_data.blue' },
      { from: 'terraform_data.blue', to: 'terraform_data.azure' },
    ];

    expect(changes(synthesised('azure', chain))).toEqual([
      { address: 'terraform_data.azure', previous_address: 'terraform_data.blue', change: { actions: ['no-op'] } },
    ]);
  });

  test('keeps the resource when the move is applied', () => {
    const id = () => {
      const state = JSON.parse(readFileSync(path.join(folder, 'state.tfstate'), 'utf8')) as {
        resources: readonly { name: string; instances: readonly { attributes: { id: string } }[] }[];
      };
      return state.resources.map(({ name, instances }) => [name, instances[0]?.attributes.id]);
    };
    const [[name, before] = []] = id();
    expect(name).toBe('blue');
    run(
      ['apply', '-input=false', '-auto-approve'],
      synthesised('azure', [{ from: 'terraform_data.blue', to: 'terraform_data.azure' }]),
    );

    expect(id()).toEqual([['azure', before]]);
  });
});
