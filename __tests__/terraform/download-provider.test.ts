import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { downloadProvider } from '../../terraform';
import { terraformPlatform } from '../../terraform/provider-mirror';
import { place, temporaryFolder } from './folder';

const folder = temporaryFolder();
const source = { kind: 'registry', reason: 'none', fix: 'get one' } as const;
const provider = `registry.example/hashicorp/aws/5.100.0/${terraformPlatform()}`;

/** Does to its plugin cache what `terraform init` does. */
const terraform = place(
  join(folder, 'terraform'),
  `#!/bin/sh
grep -q '"= 5.100.0"' main.tf.json || exit 9
mkdir -p "$TF_PLUGIN_CACHE_DIR/${provider}"
touch "$TF_PLUGIN_CACHE_DIR/${provider}/terraform-provider-aws_v5.100.0_x5"
chmod +x "$TF_PLUGIN_CACHE_DIR/${provider}/terraform-provider-aws_v5.100.0_x5"
`,
  0o755,
);

test('two downloads at a time leave one mirror and nothing else', async () => {
  const project = join(folder, 'project');

  const both = await Promise.all([
    downloadProvider({ terraform, source, project }),
    downloadProvider({ terraform, source, project }),
  ]);

  const mirror = join(project, '.readfleet', 'terraform-mirror');
  for (const finding of both) {
    expect(finding).toMatchObject({ kind: 'found', root: mirror, version: '5.100.0', layout: 'unpacked' });
  }
  expect(readdirSync(join(project, '.readfleet'))).toEqual(['terraform-mirror']);
});

test('what an earlier download left half done is replaced', async () => {
  const project = join(folder, 'half');
  place(join(project, '.readfleet', 'terraform-mirror', 'registry.example', 'rest'));

  await expect(downloadProvider({ terraform, source, project })).resolves.toHaveProperty('kind', 'found');
});

test("a download that fails says so in Terraform's words, and leaves nothing", async () => {
  const project = join(folder, 'failing');
  const diagnostic = { severity: 'error', summary: 'No route', detail: 'The registry does not answer.' };
  const failing = place(
    join(folder, 'failing-terraform'),
    `#!/bin/sh\necho '${JSON.stringify({ type: 'diagnostic', diagnostic })}'\nexit 1\n`,
    0o755,
  );

  await expect(downloadProvider({ terraform: failing, source, project })).rejects.toMatchObject({
    code: 'READFLEET_PROVIDER_MISSING',
    message: 'The AWS provider 5.100.0 could not be fetched.\nError: No route\n    The registry does not answer.',
  });
  expect(readdirSync(join(project, '.readfleet'))).toEqual([]);
});
