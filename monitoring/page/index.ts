import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ReadfleetError } from '../../lib/errors';
import { policyOf } from './policy';

/** The status page, to be sent as it is. */
export interface Page {
  readonly html: string;
  /** For the header of that name: the page must not be sent without. */
  readonly contentSecurityPolicy: string;
}

let kept: Page | undefined;

/**
 * The status page, made once per process. The package brings it built; in the repository it is bundled from the sources.
 *
 * @throws ReadfleetError `READFLEET_PAGE_MISSING`, or `READFLEET_ESBUILD_MISSING` in the repository
 */
export function pageHtml(): Page {
  kept ??= findPage(__dirname);
  return kept;
}

/** The page in `folder`, as built or from its sources. */
export function findPage(folder: string): Page {
  const built = path.join(folder, 'page.html');
  const html = existsSync(built) ? readFileSync(built, 'utf8') : fromSources(path.join(folder, 'client'));
  return { html, contentSecurityPolicy: policyOf(html) };
}

function fromSources(client: string): string {
  if (!existsSync(client)) {
    throw new ReadfleetError(
      'READFLEET_PAGE_MISSING',
      `the status page is not beside the code that serves it, in ${path.dirname(client)}. ` +
        'Install readfleet again, and leave it out of what you bundle yourself: its files must stay together. Or pass page: false.',
    );
  }
  const { bundlePage } = require('./bundle') as typeof import('./bundle');
  return bundlePage(client);
}
