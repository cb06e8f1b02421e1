import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Hello } from '../../../monitoring/view';
import { openChromium, watchedPage } from '../../support/chromium';
import { type PageServer, startPageServer } from './page-server';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export interface OpenPage {
  readonly page: Page;
  readonly server: PageServer;
}

export interface PageRoom {
  /** Opens the page on a server that tells this. What it complains of fails the test, but for `expected`. */
  open(
    hello: Hello,
    options?: BrowserContextOptions & { readonly prepare?: (server: PageServer) => void },
  ): Promise<OpenPage>;
  /** Complaints that belong to the test: an answer of 401, say, which the browser writes down. */
  expect(pattern: RegExp): void;
}

/** A browser for the tests of a file; each page has a server and a profile of its own, and ends with its test. */
export function pageRoom(): PageRoom {
  let browser: Browser;
  let ends: (() => Promise<unknown>)[] = [];
  let complaints: (readonly string[])[] = [];
  let expected: RegExp[] = [];

  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    const heard = complaints.flat().filter((complaint) => !expected.some((pattern) => pattern.test(complaint)));
    const ending = ends;
    [ends, complaints, expected] = [[], [], []];
    for (const end of ending.reverse()) await end();
    expect(heard).toEqual([]);
  });

  return {
    open: async (hello, { prepare, ...options } = {}) => {
      const server = await startPageServer(hello);
      ends.push(() => server.close());
      prepare?.(server);
      const watched = await watchedPage(browser, {
        viewport: { width: 1280, height: 800 },
        timezoneId: 'UTC',
        ...options,
      });
      ends.push(() => watched.context.close());
      complaints.push(watched.complaints);
      await watched.page.goto(server.url);
      return { page: watched.page, server };
    },
    expect: (pattern) => expected.push(pattern),
  };
}

/** What axe-core finds wrong, as `rule: element`. By the debugger, not as a script of the page: the policy lets no other in. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return (await page.evaluate(
    `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
       nodes.map(({ target, failureSummary }) => id + ': ' + target.join(' ') + ' ' + failureSummary)))`,
  )) as string[];
}

/** Whether something is wider than the screen. */
export function sidewaysPixels(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
