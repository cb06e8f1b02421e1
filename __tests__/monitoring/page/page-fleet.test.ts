import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { type MonitoringHandler, monitoringHandler, PATHS } from '../../../monitoring/http';
import { openChromium, watchedPage } from '../../support/chromium';
import { chromium, describeWith } from '../../support/left-out';

const PREFIX = '/internal';
const READS_EVERY_MS = 10;

/** What is slow here is a machine that does more than this. */
const PATIENCE = { timeout: 45_000 };

describeWith(chromium, 'the page of a real fleet, by the real handler', () => {
  let local: LocalFleet;
  let fleet: Fleet;
  let handler: MonitoringHandler;
  let server: Server;
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];
  let reading: NodeJS.Timeout;
  let failures: unknown[];

  beforeAll(async () => {
    browser = await openChromium();
    local = await startLocalFleet({ replicas: ['blue', 'green'] });
  });
  afterAll(async () => {
    await browser?.close();
    await local?.stop();
  });

  beforeEach(async () => {
    fleet = await connect(local.contract, { endpoints: { search: {} } });
    handler = monitoringHandler(fleet, {
      token: false,
      admin: false,
      basePath: PREFIX,
      actions: [
        {
          ...{ name: 'kill', label: 'Kill', help: 'A crash.', on: 'member' },
          run: async (member = '') => {
            await local.member(member).kill();
            return `${member} was killed`;
          },
        },
      ],
    });
    server = createServer(handler);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    failures = [];
    reading = setInterval(() => {
      fleet.read('select 1', [], { endpoint: 'search' }).catch((error: unknown) => failures.push(error));
    }, READS_EVERY_MS);
    const watched = await watchedPage(browser);
    ({ page, complaints } = watched);
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${PREFIX}${PATHS.page}`);
  });
  afterEach(async () => {
    clearInterval(reading);
    await page?.context().close();
    handler?.close();
    server?.closeAllConnections();
    await new Promise((done) => server.close(done));
    await fleet?.close();
  });

  test('a switch that is pressed is thrown, and a replica that is killed is seen to go, while reads go on', async () => {
    await page.getByText('All well: 2 replicas serve').first().waitFor(PATIENCE);
    await page.getByText(/^Reads are sent to .*(blue|green)/).waitFor(PATIENCE);

    await page.getByRole('switch', { name: 'search may read from replicas' }).click();
    await page.getByText('Switched off by hand: search.').waitFor(PATIENCE);
    await page.getByText(/^Reads are sent to the primary 100 %/).waitFor(PATIENCE);
    await page.getByRole('switch', { name: 'search may read from replicas' }).click();
    await page.getByText(/^Reads are sent to .*(blue|green)/).waitFor(PATIENCE);

    await page.getByRole('button', { name: 'Kill blue' }).click();

    await page.getByText('blue does not answer; green serves all reads').first().waitFor(PATIENCE);
    await page.getByRole('log').getByText('blue was killed').waitFor(PATIENCE);
    const row = page.getByRole('row', { name: /^blue/ });
    await row.getByText('Ejected').waitFor(PATIENCE);
    expect(await page.title()).toBe(
      `blue does not answer; green serves all reads – ${local.contract.fleet} · ${local.contract.environment}`,
    );
    expect(await page.locator('.callers').textContent()).toBe('');
    expect(failures).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
