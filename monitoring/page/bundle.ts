import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ReadfleetError } from '../../lib/errors';

/** What is used of esbuild; its own types would be asked of everyone who installs the package. */
interface Esbuild {
  buildSync(options: object): { readonly outputFiles: readonly { readonly path: string; readonly text: string }[] };
}

/**
 * The page as one file: template, style and script, and nothing to be fetched.
 *
 * @param client the folder of the browser's code
 * @throws ReadfleetError `READFLEET_ESBUILD_MISSING`
 */
export function bundlePage(client: string): string {
  const { outputFiles } = esbuild().buildSync({
    absWorkingDir: client,
    entryPoints: ['main.ts', 'style.css'],
    // Never written: asked for by name alone.
    outdir: path.join(client, 'out'),
    write: false,
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
  });
  const output = (extension: string) => outputFiles.find((file) => file.path.endsWith(extension))?.text.trim() ?? '';
  const template = readFileSync(path.join(client, 'page.html'), 'utf8');
  // By functions: a replacement's text has dollar signs that mean something.
  return template
    .replace('/*STYLE*/', () => inline('style', output('.css')))
    .replace('/*SCRIPT*/', () => inline('script', `${notice()}\n${output('.js')}`));
}

/** Of what is in the page beside our own code, as its licence asks. */
function notice(): string {
  const licence = readFileSync(path.join(path.dirname(require.resolve('uplot/package.json')), 'LICENSE'), 'utf8');
  return `/*!\nuPlot, https://github.com/leeoniya/uPlot\n\n${licence.trim()}\n*/`;
}

/** @throws Error where the content would end its element */
function inline(element: string, content: string): string {
  if (content.toLowerCase().includes(`</${element}`)) throw new Error(`The page's ${element} holds its own end.`);
  return content;
}

function esbuild(): Esbuild {
  try {
    // Late: who has the built page does without.
    return require('esbuild') as Esbuild;
  } catch (cause) {
    throw new ReadfleetError(
      'READFLEET_ESBUILD_MISSING',
      `the status page is bundled by esbuild, which cannot be loaded: ${(cause as Error).message}. ` +
        'Install it: npm install --save-dev esbuild',
      { cause },
    );
  }
}
