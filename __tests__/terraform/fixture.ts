import { join } from 'node:path';
import { place } from './folder';

/** A stack as cdktf writes it, small: one key, in a bucket's state that no test may reach. */
export function stackJson(key: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    terraform: {
      required_providers: { aws: { source: 'aws', version: '>= 5.100.0, < 7.0.0' } },
      backend: { s3: { bucket: 'nowhere', key: 'fixture.tfstate', region: 'eu-central-1' } },
    },
    provider: { aws: [{ region: 'eu-central-1' }] },
    resource: {
      aws_kms_key: {
        key: { description: 'fixture', enable_key_rotation: true, '//': { metadata: { path: 'fixture/Key' } }, ...key },
      },
    },
    output: { key: { value: `\${aws_kms_key.key.arn}` }, name: { value: 'fixture' } },
  };
}

/** Writes a stack where cdktf would, and tells its folder. */
export function placeStack(outdir: string, name: string, stack: unknown): string {
  const folder = join(outdir, 'stacks', name);
  place(join(folder, 'cdk.tf.json'), JSON.stringify(stack, undefined, 2));
  return folder;
}
