import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, Testing } from 'cdktf';

/** A stack with nothing but a provider, for a construct by itself. */
export function emptyStack(name = 'test', outdir?: string): TerraformStack {
  const app = Testing.app({ stackTraces: false, ...(outdir === undefined ? {} : { outdir }) });
  const stack = new TerraformStack(app, name);
  new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
  return stack;
}

/** A JSON text with expressions of Terraform in it, whose quotes are not JSON's. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever is in it.
export function parseTemplate(text: unknown): any {
  return JSON.parse(String(text).replace(/\$\{[^}]*\}/g, (expression) => JSON.stringify(expression).slice(1, -1)));
}
