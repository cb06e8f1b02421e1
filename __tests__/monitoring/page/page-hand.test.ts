import type { Page } from 'playwright-core';
import { eventually } from '../../support/eventually';
import { chromium, describeWith } from '../../support/left-out';
import { accessibilityFaults, pageRoom } from './open-page';
import * as scenes from './scenes';
import { member, status } from './scenes';

const BLUE = member('blue');

describeWith(chromium, 'by hand', () => {
  const room = pageRoom();

  async function openSwitches(hello = scenes.healthyScene()) {
    const opened = await room.open(hello);
    await opened.page.locator('.said').waitFor();
    return opened;
  }

  async function unfold(page: Page, name: string): Promise<void> {
    await page.getByRole('button', { name: `By hand ${name}` }).click();
  }

  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

  test('what there is to lose is asked once, in its place; Cancel changes nothing and gives the focus back', async () => {
    const { page, server } = await openSwitches();

    await press(page, 'Switch replicas off');
    await page.getByRole('group', { name: 'Send every read to the primary?' }).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Cancel');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');

    expect(await page.evaluate('document.activeElement.textContent')).toBe('Switch replicas off');
    expect(server.posted).toEqual([]);
  });

  test('Escape is a Cancel', async () => {
    const { page, server } = await openSwitches();
    await press(page, 'Switch replicas off');

    await page.keyboard.press('Escape');

    expect(await page.getByRole('group', { name: /Send every read/ }).count()).toBe(0);
    expect(server.posted).toEqual([]);
  });

  test.each([
    ['Switch replicas off', false, 'endpoints/disable-all'],
    ['Switch replicas on', true, 'endpoints/enable-all'],
  ])('%s', async (label, allOff, path) => {
    const scene = scenes.healthyScene();
    const { page, server } = await openSwitches({
      ...scene,
      status: { ...scene.status, flags: { ...scene.status.flags, allOff } },
    });

    await press(page, label);
    await press(page, label);

    await eventually(() => expect(server.posted.map((order) => [order.path, order.body])).toEqual([[path, {}]]));
  });

  test.each([
    ['Drain blue', 'Drain', 'members/blue/drain'],
    ['Hold open the breaker of blue', 'Hold open', 'members/blue/breaker/open'],
    ['Hold closed the breaker of blue', 'Hold closed', 'members/blue/breaker/closed'],
  ])('%s is asked first', async (name, sure, path) => {
    const { page, server } = await openSwitches();
    await unfold(page, 'blue');
    await press(page, name);
    expect(server.posted).toEqual([]);

    await press(page, sure);

    await eventually(() => expect(server.posted.map((order) => [order.path, order.body])).toEqual([[path, {}]]));
  });

  test.each([
    ['Undrain blue', { state: 'draining' as const }, 'members/blue/undrain'],
    [
      'Reset the breaker of blue',
      { breaker: { state: 'open' as const, forced: 'open' as const } },
      'members/blue/breaker/reset',
    ],
  ])('%s needs no question', async (name, of, path) => {
    const scene = scenes.healthyScene();
    const members = [scene.status.members[0] as typeof BLUE, { ...BLUE, ...of }];
    const { page, server } = await openSwitches({ ...scene, status: status(members) });
    await unfold(page, 'blue');

    await press(page, name);

    await eventually(() => expect(server.posted.map((order) => [order.path, order.body])).toEqual([[path, {}]]));
  });

  test('who drains the last replica that serves is told that it is', async () => {
    const scene = scenes.healthyScene();
    const members = [scene.status.members[0] as typeof BLUE, BLUE, member('green', { state: 'draining' })];
    const { page } = await openSwitches({ ...scene, status: status(members) });
    await unfold(page, 'blue');

    await press(page, 'Drain blue');

    await page.getByText('blue is the last replica that serves. Send blue no more reads?').waitFor();
  });

  test('an endpoint has a switch and its share', async () => {
    const { page, server } = await openSwitches();
    const toggle = (endpoint: string) => page.getByRole('switch', { name: `${endpoint} may read from replicas` });
    expect(await toggle('checkout').getAttribute('aria-checked')).toBe('true');
    expect(await toggle('admin').getAttribute('aria-checked')).toBe('false');

    await toggle('checkout').click();
    await toggle('admin').click();

    await eventually(() =>
      expect(server.posted.map((order) => order.path)).toEqual([
        'endpoints/checkout/disable',
        'endpoints/admin/enable',
      ]),
    );
  });

  test('the share is set in steps, by the keyboard as well', async () => {
    const { page, server } = await openSwitches();
    const slider = page.getByRole('slider', { name: 'Rollout of checkout' });
    expect(await slider.getAttribute('aria-valuetext')).toBe('25 percent');

    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await eventually(async () => expect(await slider.getAttribute('aria-valuetext')).toBe('50 percent'));
    await page.keyboard.press('End');
    await page.keyboard.press('Home');

    await eventually(() =>
      expect(server.posted.map((order) => [order.path, order.body])).toEqual([
        ['endpoints/checkout/rollout', { percent: 50 }],
        ['endpoints/checkout/rollout', { percent: 100 }],
        ['endpoints/checkout/rollout', { percent: 10 }],
      ]),
    );
  });

  test('a refusal is told, in the words of the server, until it is dismissed', async () => {
    room.expect(/403/);
    const { page, server } = await openSwitches();
    server.answer = { status: 403, body: '{"detail":"This token may look, and not use the switches."}' };

    await page.getByRole('switch', { name: /^checkout/ }).click();

    const alert = page.getByRole('alert').filter({ hasText: 'Not done. This token may look' });
    await alert.waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await press(page, 'Dismiss');
    expect(await alert.isVisible()).toBe(false);
  });

  test('without the right to switch there is nothing to press but the way to it', async () => {
    const { page } = await openSwitches({ ...scenes.laggingScene(), admin: false });

    expect(await page.getByRole('button').allTextContents()).toEqual(['Give an admin token']);
    expect(await page.getByRole('switch').count()).toBe(0);
  });

  describe('faults', () => {
    test('stand open beside each member that they act on, where they are offered', async () => {
      const { page } = await openSwitches(scenes.laggingScene());
      const faults = (index: number) =>
        page.locator('tbody').nth(index).locator('.by-hand .group').last().getByRole('button').allTextContents();

      expect(await faults(0)).toEqual(['Freeze primary', 'Thaw primary', 'Kill primary', 'Bring back primary']);
      expect(await faults(1)).toEqual(
        [
          'Pause replay',
          'Resume replay',
          'Cut off',
          'Connect again',
          'Freeze',
          'Thaw',
          'Kill',
          'Bring back',
          'Promote',
        ].map((label) => `${label} blue`),
      );
      expect(await page.getByText('Faults are done to the servers themselves.').isVisible()).toBe(true);
    });

    test('are folded away where there are many members', async () => {
      const { page } = await openSwitches(scenes.manyScene());

      expect(await page.locator('.by-hand').first().isVisible()).toBe(false);
      await unfold(page, 'replica7');
      expect(await page.getByRole('button', { name: 'Kill replica7' }).isVisible()).toBe(true);
    });

    test('are done at once, but for those that ask first', async () => {
      const { page, server } = await openSwitches(scenes.laggingScene());

      await press(page, 'Pause replay green');
      await press(page, 'Promote green');
      await page.getByText('It becomes a primary beside the primary. Promote green?').waitFor();
      await press(page, 'Promote');
      await press(page, 'Add a replica');

      await eventually(() =>
        expect(server.posted.map((order) => [order.path, order.body])).toEqual([
          ['actions/pause-replay', { member: 'green' }],
          ['actions/promote', { member: 'green' }],
          ['actions/add', {}],
        ]),
      );
    });

    test('a question stays open, and keeps the focus, while figures move', async () => {
      const scene = scenes.laggingScene();
      const { page, server } = await openSwitches(scene);
      await press(page, 'Promote green');
      const [last] = scene.history.slice(-1);
      if (!last) throw new Error('the scene has no history');

      server.tick({
        status: {
          ...scene.status,
          at: last.at + 1_000,
          members: scene.status.members.map((one) => ({ ...one, errors: 77 })),
        },
        moment: { ...last, at: last.at + 1_000 },
      });

      await eventually(async () => expect(await page.locator('td.errors').first().textContent()).toBe('77'));
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Cancel');
    });
  });

  test('by the keyboard alone: past the top, to a member, to its switch, and it is done', async () => {
    const { page, server } = await openSwitches();

    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the members');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('By hand blue');
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    expect(outline).toBe('solid');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Drain blue');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');

    await eventually(() => expect(server.posted.map((order) => order.path)).toEqual(['members/blue/drain']));
  });
});
