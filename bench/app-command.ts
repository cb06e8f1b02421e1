import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..');

/** The options of Node with which cdktf.json starts the app; what they load is found from any folder. */
export function nodeOptions(): readonly string[] {
  const { app } = JSON.parse(readFileSync(path.join(root, 'cdktf.json'), 'utf8')) as { readonly app: string };
  const [program, ...options] = app.split(' ');
  const script = options.pop();
  if (program !== 'node' || script !== 'main.ts') throw new Error(`cdktf.json starts the app with: ${app}`);
  return options.map((option, index) =>
    options[index - 1] === '--require' ? require.resolve(option, { paths: [root] }) : option,
  );
}
