/**
 * Takes pictures of the status page, of made-up fleets: the README's into docs/page/, or, given a folder, all there are into that one, to be looked at.
 *
 *     npx tsx docs/take-screenshots.ts [folder]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { startPageServer } from '../__tests__/monitoring/page/page-server';
import * as scenes from '../__tests__/monitoring/page/scenes';

const SCENES = {
  empty: scenes.emptyScene,
  healthy: scenes.healthyScene,
  lagging: scenes.laggingScene,
  'all-down': scenes.allDownScene,
  'primary-lost': scenes.primaryLostScene,
  many: scenes.manyScene,
};
type Scene = keyof typeof SCENES;
type Scheme = 'light' | 'dark';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** For the README: the first thing that is seen, not the whole length. */
const README: readonly [Scene, Scheme, typeof DESKTOP, string][] = [
  ['lagging', 'light', { width: 1280, height: 1_090 }, 'desktop.png'],
  ['primary-lost', 'dark', PHONE, 'phone.png'],
];

async function take(
  browser: Browser,
  scene: Scene,
  scheme: Scheme,
  viewport: typeof DESKTOP,
  path: string,
  whole: boolean,
) {
  const server = await startPageServer(SCENES[scene]());
  const context = await browser.newContext({
    viewport,
    colorScheme: scheme,
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  await page.goto(server.url);
  await page.locator('.said').waitFor();
  await page.locator('.u-wrap canvas').last().waitFor();
  await page.screenshot({ path, fullPage: whole });
  await context.close();
  await server.close();
  console.log(path);
}

async function main(folder: string | undefined): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env.READFLEET_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const target = folder ?? join(__dirname, 'page');
    mkdirSync(target, { recursive: true });
    if (!folder) {
      for (const [scene, scheme, viewport, name] of README)
        await take(browser, scene, scheme, viewport, join(target, name), false);
      return;
    }
    for (const scene of Object.keys(SCENES) as Scene[])
      for (const scheme of ['light', 'dark'] as const)
        for (const [name, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE }))
          await take(browser, scene, scheme, viewport, join(target, `${scene}-${name}-${scheme}.png`), true);
  } finally {
    await browser.close();
  }
}

void main(process.argv[2]);
