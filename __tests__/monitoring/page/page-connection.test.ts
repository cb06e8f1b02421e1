import { eventually } from '../../support/eventually';
import { chromium, describeWith } from '../../support/left-out';
import { accessibilityFaults, pageRoom } from './open-page';
import * as scenes from './scenes';

const LOST = /^Connection lost: all below is \d+ s old$/;

describeWith(chromium, 'the connection of the page', () => {
  const room = pageRoom();

  test('when it is lost the page says so above all, and how old everything is; then it is live again by itself', async () => {
    room.expect(/ERR_|Failed to load/);
    const { page, server } = await room.open(scenes.healthyScene());
    await page.getByText('All well: 2 replicas serve').first().waitFor();

    server.cut();

    await page.getByText(LOST).waitFor();
    expect(await page.title()).toMatch(/^Connection lost/);
    expect(await page.locator('#connection').textContent()).toBe('Not live');
    expect(await page.locator('.when').textContent()).toBe('As of 03:07:20: All well: 2 replicas serve.');
    expect(await page.locator('.serves').textContent()).toBe('');
    expect(await page.evaluate("getComputedStyle(document.querySelector('.members')).filter")).toBe('grayscale(1)');
    expect(await page.locator('#announcement').textContent()).toBe('Connection lost: what is shown is old');
    const first = await page.locator('.said').textContent();
    await eventually(async () => expect(await page.locator('.said').textContent()).not.toBe(first));

    server.hello = scenes.laggingScene();
    server.open();

    await page.getByText('blue lags 42 s behind; green serves reads').first().waitFor({ timeout: 30_000 });
    expect(await page.locator('#connection').textContent()).toBe('Live');
    expect(await page.getByRole('button', { name: 'Try now' }).isVisible()).toBe(false);
  });

  test.each(['light', 'dark'] as const)(
    'what is old has no accessibility fault in the %s scheme',
    async (colorScheme) => {
      room.expect(/ERR_|Failed to load/);
      const { page, server } = await room.open(scenes.laggingScene(), { colorScheme });
      await page.locator('.said').waitFor();

      server.cut();

      await page.getByText(LOST).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
    },
  );

  test('"Try now" does not wait for the next try', async () => {
    room.expect(/ERR_|Failed to load/);
    const { page, server } = await room.open(scenes.healthyScene());
    await page.locator('.said').waitFor();
    server.cut();
    await page.getByText(LOST).waitFor();
    server.open();

    await page.getByRole('button', { name: 'Try now' }).click();

    await page.getByText('All well: 2 replicas serve').first().waitFor();
  });

  test('a server that holds the connection and says nothing is not taken for live', async () => {
    const { page, server } = await room.open(scenes.healthyScene());
    await page.locator('.said').waitFor();
    expect(server.streams).toBe(1);

    // No tick ever comes.
    await page.getByText('The server has been silent for 5 s. Trying again.').waitFor();
  });
});

describeWith(chromium, 'the token', () => {
  const room = pageRoom();
  const SECRET = 'correct-horse-battery';
  const locked = {
    prepare: (server: { token: string | undefined }) => {
      server.token = SECRET;
    },
  };

  test('is asked for, hidden as it is typed, and not kept unless that is asked for', async () => {
    room.expect(/401/);
    const { page } = await room.open(scenes.healthyScene(), locked);
    const input = page.getByLabel('Token', { exact: true });
    await input.waitFor();
    expect(await input.getAttribute('type')).toBe('password');
    expect(await page.evaluate('document.activeElement.id')).toBe('token-input');
    expect(await page.locator('#fleet-view').isVisible()).toBe(false);
    expect(await accessibilityFaults(page)).toEqual([]);

    await page.keyboard.type(SECRET);
    await page.keyboard.press('Enter');

    await page.getByText('All well: 2 replicas serve').first().waitFor();
    expect(await input.isVisible()).toBe(false);
    expect(await page.evaluate('sessionStorage.length + localStorage.length')).toBe(0);
    expect(page.url()).not.toContain(SECRET);
  });

  test('that is wrong is refused, and asked for again', async () => {
    room.expect(/401/);
    const { page } = await room.open(scenes.healthyScene(), locked);

    await page.getByLabel('Token', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Connect' }).click();

    await page.getByText('The server refused that token.').waitFor();
    expect(await page.getByLabel('Token', { exact: true }).inputValue()).toBe('');
  });

  test('is kept for the tab when that is asked for, so that a reload does not ask', async () => {
    room.expect(/401/);
    const { page } = await room.open(scenes.healthyScene(), locked);
    await page.getByLabel('Token', { exact: true }).fill(SECRET);
    await page.getByLabel('Keep it until this tab is closed').check();
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.locator('.said').waitFor();

    await page.reload();

    await page.getByText('All well: 2 replicas serve').first().waitFor();
    expect(await page.evaluate('localStorage.length')).toBe(0);
  });

  test('of an admin can be given later, by who only looks; or not', async () => {
    const { page, server } = await room.open({ ...scenes.healthyScene(), admin: false });
    await page.getByRole('button', { name: 'Give an admin token' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByLabel('Token', { exact: true }).isVisible()).toBe(false);
    expect(await page.getByRole('button', { name: /Switch replicas/ }).count()).toBe(0);
    server.hello = scenes.healthyScene();

    await page.getByRole('button', { name: 'Give an admin token' }).click();
    await page.keyboard.type(SECRET);
    await page.keyboard.press('Enter');

    await page.getByRole('button', { name: 'Switch replicas off' }).click();
    await page.getByRole('button', { name: 'Switch replicas off' }).click();
    await eventually(() =>
      expect(server.posted).toEqual([
        { path: 'endpoints/disable-all', body: {}, token: SECRET, type: 'application/json' },
      ]),
    );
  });
});
