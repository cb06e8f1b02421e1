import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { programHere } from './left-out-tools';

/** Starts the Chromium of this machine (see left-out-setup.ts for where it is looked for), without a window. */
export function openChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: programHere('chromium'),
    // Containers have neither the sandbox's rights nor a graphics card, and nothing here is to ask the network for anything.
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

/** A page with what went wrong in it: messages of errors, of the console and of the Content-Security-Policy. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: readonly string[];
}

/** A page in a profile of its own. */
export async function watchedPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return { page, context, complaints };
}
