import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AppliedState,
  countActions,
  ofType,
  planStack,
  settled,
  TerraformWorkspace,
  validateStack,
  withWorkspace,
} from '../../terraform';
import { describeWith, terraform } from '../support/left-out';
import { terraformHere } from '../support/left-out-tools';
import { placeStack, stackJson } from './fixture';
import { place, temporaryFolder } from './folder';

const TWO_MINUTES = 120_000;
const outdir = temporaryFolder();

describe('before Terraform runs', () => {
  const found = { kind: 'found', path: '/bin/false', version: '1.11.0' } as const;
  const source = { kind: 'registry', reason: '', fix: '' } as const;

  test('a folder without a stack is told with how to make one', async () => {
    await expect(TerraformWorkspace.open(join(outdir, 'nothing'), { terraform: found, source })).rejects.toMatchObject({
      code: 'READFLEET_STACK_MISSING',
      message: expect.stringContaining('npm run synth'),
    });
  });

  test('without Terraform the error says how to get it', async () => {
    const stack = placeStack(outdir, 'untouched', stackJson());
    const missing = { kind: 'missing', reason: 'No terraform.', fix: 'Install it.' } as const;

    await expect(TerraformWorkspace.open(stack, { terraform: missing, source })).rejects.toMatchObject({
      code: 'READFLEET_TERRAFORM_MISSING',
      message: 'No terraform. Install it.',
    });
  });

  test('a run works on a copy, without the state and the overrides of the person', async () => {
    const stack = placeStack(outdir, 'lived-in', stackJson());
    place(join(stack, 'terraform.tfstate'), '{}');
    place(join(stack, 'mine_override.tf.json'), '{}');
    place(join(stack, '.terraform', 'terraform.tfstate'), '{}');
    place(join(stack, 'assets', 'lambda.zip'), 'zip');

    const workspace = await TerraformWorkspace.open(stack, { terraform: found, source });
    const copied = readdirSync(workspace.folder).sort();
    await workspace.close();

    expect(copied).toEqual(['assets', 'cdk.tf.json', 'offline_override.tf.json']);
    expect(existsSync(workspace.folder)).toBe(false);
    expect(readFileSync(join(stack, 'cdk.tf.json'), 'utf8')).toBe(JSON.stringify(stackJson(), undefined, 2));
  });

  test('a program that fails without a word of JSON is quoted', async () => {
    const stack = placeStack(outdir, 'mute', stackJson());

    await expect(validateStack(stack, { terraform: found, source })).rejects.toMatchObject({
      code: 'READFLEET_TERRAFORM_FAILED',
      message: expect.stringContaining('mute: terraform init failed'),
    });
  });
});

describeWith(terraform, 'with the real Terraform and provider', () => {
  test(
    'a sound stack validates',
    async () => {
      const stack = placeStack(outdir, 'sound', stackJson());

      await expect(validateStack(stack, terraformHere())).resolves.toEqual({ valid: true, diagnostics: [], text: '' });
    },
    TWO_MINUTES,
  );

  test(
    'what the provider does not know is told with resource, construct and line',
    async () => {
      const stack = placeStack(outdir, 'unsound', stackJson({ rotate: true }));

      const { valid, text } = await validateStack(stack, terraformHere());

      expect(valid).toBe(false);
      expect(text).toMatch(/aws_kms_key\.key {2}construct fixture\/Key {2}cdk\.tf\.json:\d+ {2}"rotate": true/);
      expect(text).toContain('No argument or block type is named "rotate"');
    },
    TWO_MINUTES,
  );

  test(
    'a stack with state in a bucket and a role to assume plans without AWS',
    async () => {
      const provider = {
        aws: [{ region: 'eu-central-1', assume_role: [{ role_arn: 'arn:aws:iam::111122223333:role/x' }] }],
      };
      const stack = placeStack(outdir, 'planned', { ...stackJson(), provider });

      const plan = await planStack(stack, terraformHere());

      expect(countActions(plan)).toEqual({ create: 1, update: 0, delete: 0 });
      expect(ofType(plan, 'aws_kms_key')).toEqual([
        expect.objectContaining({
          address: 'aws_kms_key.key',
          actions: ['create'],
          after: expect.objectContaining({ enable_key_rotation: true }),
          afterUnknown: expect.objectContaining({ arn: true }),
        }),
      ]);
      expect(plan.outputs).toEqual({ key: undefined, name: 'fixture' });
    },
    TWO_MINUTES,
  );

  test(
    'a stack that asks AWS fails soon and says which part of it asks',
    async () => {
      const stack = placeStack(outdir, 'asking', { ...stackJson(), data: { aws_caller_identity: { me: {} } } });

      await expect(planStack(stack, terraformHere())).rejects.toMatchObject({
        code: 'READFLEET_TERRAFORM_FAILED',
        message: expect.stringMatching(/data\.aws_caller_identity\.me[\s\S]*connection refused/),
        diagnostics: [expect.objectContaining({ severity: 'error' })],
      });
    },
    TWO_MINUTES,
  );

  let left: AppliedState | undefined;

  test(
    'a mocked apply tells what holds of the values, and a plan over what it left changes nothing',
    async () => {
      const stack = placeStack(outdir, 'applied', applicable());
      const relations = [
        { name: 'the alias is of the key', condition: 'aws_kms_alias.key.target_key_id == aws_kms_key.key.key_id' },
        { name: "the alias is nobody's", condition: 'aws_kms_alias.key.target_key_id == aws_kms_key.key.arn' },
      ];

      const { plan, outcome, again } = await withWorkspace(stack, terraformHere(), async (workspace) => {
        const plan = await workspace.plan();
        const outcome = await workspace.mockTest(relations);
        left = settled(outcome.state ?? { resources: [], outputs: {} }, plan);
        return { plan, outcome, again: await workspace.planOver(left) };
      });

      expect(countActions(plan)).toEqual({ create: 2, update: 0, delete: 0 });
      expect(outcome).toMatchObject({ runs: { plan: 'pass', apply: 'fail' }, text: '' });
      expect(outcome.relations).toEqual([
        { name: 'the alias is of the key', holds: true, text: '' },
        {
          name: "the alias is nobody's",
          holds: false,
          text: expect.stringMatching(
            /aws_kms_key\.key\.arn is "arn:aws:kms:eu-central-1:\S+" {2}construct fixture\/Key/,
          ),
        },
      ]);
      expect(countActions(again)).toEqual({ create: 0, update: 0, delete: 0 });
      expect(again.resources).toHaveLength(2);
    },
    TWO_MINUTES,
  );

  test(
    "a plan over another stack's state tells a protected resource that would be replaced",
    async () => {
      const after = placeStack(
        outdir,
        'after',
        applicable({ key_usage: 'SIGN_VERIFY', lifecycle: { prevent_destroy: true } }),
      );
      const plan = await withWorkspace(after, terraformHere(), (workspace) =>
        workspace.planOver(left ?? { resources: [], outputs: {} }),
      );

      expect(plan.resources).toContainEqual(
        expect.objectContaining({ address: 'aws_kms_key.key', actions: ['delete', 'create'] }),
      );
    },
    TWO_MINUTES,
  );

  const onLinux = process.platform === 'linux' ? test : test.skip;

  onLinux(
    'an aborted plan leaves neither process nor folder',
    async () => {
      const stack = placeStack(outdir, 'aborted', stackJson());
      const abort = new AbortController();
      let folder = '';

      const aborted = withWorkspace(stack, { ...terraformHere(), signal: abort.signal }, async (workspace) => {
        folder = workspace.folder;
        const planning = workspace.plan();
        // Terraform and its plugin: only then is there something to leave behind.
        await Promise.race([planning, until(() => processesIn(folder).length >= 2)]);
        abort.abort();
        return planning;
      });

      await expect(aborted).rejects.toMatchObject({ code: 'READFLEET_TERRAFORM_ABORTED' });
      expect(processesIn(folder)).toEqual([]);
      expect(existsSync(folder)).toBe(false);
    },
    TWO_MINUTES,
  );
});

/** The fixture and an alias of its key, with state where a test may reach it. */
function applicable(key: Record<string, unknown> = {}): Record<string, unknown> {
  const stack = stackJson(key) as { readonly resource: object };
  const alias = { name: 'alias/fixture', target_key_id: `\${aws_kms_key.key.key_id}` };
  return { ...stack, resource: { ...stack.resource, aws_kms_alias: { key: alias } } };
}

/** The processes that work in a folder, also one that was removed under them. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      // It ended while we looked.
      return false;
    }
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}
