import { eventually } from '../../support/eventually';
import { chromium, describeWith } from '../../support/left-out';
import { accessibilityFaults, pageRoom, sidewaysPixels } from './open-page';
import * as scenes from './scenes';
import { member, moment, moments, NOW, status } from './scenes';

const SCENES = [
  ['empty', scenes.emptyScene, 'No replicas: the primary serves all reads', 'info'],
  ['healthy', scenes.healthyScene, 'All well: 2 replicas serve', 'good'],
  ['one lagging', scenes.laggingScene, 'blue lags 42 s behind; green serves reads', 'warn'],
  ['all down', scenes.allDownScene, 'All down: no member answers, reads and writes fail', 'bad'],
  ['primary lost', scenes.primaryLostScene, 'Primary lost: writes are refused, 2 replicas serve reads', 'bad'],
  [
    'fifteen replicas',
    scenes.manyScene,
    'replica3 fails (breaker open), replica12 was promoted and left the fleet; 9 replicas serve reads',
    'warn',
  ],
] as const;
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describeWith(chromium, 'the page', () => {
  const room = pageRoom();

  describe.each(SCENES)('%s', (_, scene, text, tone) => {
    test('says it in one sentence, in the title of its tab too, and with a sign that is not colour alone', async () => {
      const { page } = await room.open(scene());

      await page.locator('.said').waitFor();
      expect(await page.locator('.said').textContent()).toBe(text);
      expect(await page.title()).toBe(`${text} – orders · production`);
      expect(await page.locator('#announcement').textContent()).not.toBe('');
      expect(await page.locator('.banner .icon').getAttribute('data-tone')).toBe(tone);
      expect(await page.locator('#connection').textContent()).toBe('Live');
    });

    test.each(['light', 'dark'] as const)('has no accessibility fault in the %s scheme', async (colorScheme) => {
      const { page } = await room.open(scene(), { colorScheme });
      await page.locator('.said').waitFor();

      expect(await accessibilityFaults(page)).toEqual([]);
    });

    test('fits a phone, with nothing to scroll sideways and no accessibility fault', async () => {
      const { page } = await room.open(scene(), PHONE);
      await page.locator('.said').waitFor();

      expect(await sidewaysPixels(page)).toBe(0);
      expect(await accessibilityFaults(page)).toEqual([]);
    });
  });

  test('a member has its name, its state with the reason in words, and its figures', async () => {
    const { page } = await room.open(scenes.laggingScene());
    const row = page.getByRole('row', { name: /^blue/ });
    await row.waitFor();

    const cells = await row.getByRole('cell').allInnerTexts();
    expect(cells.map((cell) => cell.replace(/\s+/g, ' '))).toEqual([
      'Lagging 42 s behind, since 03:06:40',
      '42 s 3.4 MB',
      '0/s 0 %',
      '1.8 ms',
      '0',
      '0',
      '0/30',
      'closed',
    ]);
    expect(await row.getByRole('rowheader').textContent()).toMatch(
      /^blue[\s\S]*replica, eu-central-1a[\s\S]*blue.orders.internal:5432/,
    );
  });

  test('a table with its headings is what a screen reader is told, also where rows are cards', async () => {
    const { page } = await room.open(scenes.healthyScene(), PHONE);

    const table = page.getByRole('table', { name: 'Members' });
    await table.waitFor();
    expect(await table.getByRole('columnheader').allTextContents()).toEqual([
      'Member',
      'State',
      'Lag',
      'Reads',
      'Latency',
      'Errors',
      'In flight',
      'Pool',
      'Breaker',
    ]);
    expect(await table.getByRole('rowheader').count()).toBe(3);
  });

  test('each chart is drawn, and says in words what it shows', async () => {
    const { page } = await room.open(scenes.laggingScene());
    await page.locator('.said').waitFor();

    const labels = await page
      .getByRole('img')
      .evaluateAll((images) => images.map((image) => image.getAttribute('aria-label')));
    expect(labels).toEqual([
      expect.stringMatching(/^Replica lag\. From 03:02:21 to 03:07:20\. blue: now 42 s, at most 42 s\./),
      expect.stringMatching(/^Where reads went, per second\. .* 97 % on replicas, 3 % on the primary as asked/),
      expect.stringMatching(/^Longest read of each second\. .* 0 calls failed/),
    ]);
    const painted = await page.evaluate(
      `[...document.querySelectorAll('canvas')].map((canvas) =>
         new Set(new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size)`,
    );
    expect(painted).toHaveLength(3);
    for (const colours of painted as number[]) expect(colours).toBeGreaterThan(3);
  });

  test('at the pointer, all charts tell of that moment', async () => {
    const { page } = await room.open(scenes.laggingScene());
    const legends = page.locator('.legend .value');
    await page.locator('.u-over').first().waitFor();
    expect(await legends.first().textContent()).toBe('42 s');

    await page
      .locator('.u-over')
      .last()
      .hover({ position: { x: 2, y: 20 } });

    await eventually(async () => expect(await legends.first().textContent()).toMatch(/ms$/));
  });

  test('a tick moves the figures, and a member that came or went comes and goes', async () => {
    const { page, server } = await room.open(scenes.healthyScene());
    await page.locator('.said').waitFor();
    const [primary, blue] = [member('primary', { role: 'primary' }), member('blue')];
    const members = [primary, blue, member('red')];

    server.tick({
      status: status(members, { at: NOW + 1_000 }),
      moment: moment(members, { red: 9 }, { at: NOW + 1_000 }),
    });

    await eventually(async () =>
      expect(await page.locator('.name .member').allTextContents()).toEqual(['primary', 'blue', 'red']),
    );
    expect(await page.locator('.legend li').first().textContent()).toMatch(/^blue/);
    expect(await page.locator('figure').first().locator('li').allTextContents()).toEqual([
      expect.stringMatching(/^blue/),
      expect.stringMatching(/^red/),
    ]);
  });

  test('what a server tells in text is text, never markup', async () => {
    const nasty = `<img src=x onerror="document.title='owned'"><script>1</script>&amp;"'\`\${x}`;
    const members = [
      member('primary', { role: 'primary' }),
      member(nasty, { state: 'ejected', reason: nasty, zone: nasty, host: nasty }),
    ];
    const { page } = await room.open({
      status: status(members, {
        fleet: nasty,
        flags: { allOff: false, endpoints: [{ endpoint: nasty, enabled: true, rollout: 25 }] },
      }),
      history: moments(10, () => moment(members, { [nasty]: 3 })),
      told: [{ id: 1, at: NOW, event: nasty, tone: 'bad', text: nasty }],
      admin: true,
      actions: [{ name: nasty, label: nasty, help: nasty, on: 'member', asks: true }],
    });
    await page.locator('.said').waitFor();

    expect(await page.locator('.said').textContent()).toBe(`${nasty} does not answer; the primary serves reads`);
    expect(await page.locator('.entries .text').textContent()).toBe(`Bad: ${nasty}`);
    expect(await page.locator('img, body script:not(:last-of-type)').count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await sidewaysPixels(page)).toBe(0);
  });

  test('the newest event is on top; one that comes is added to those that were told', async () => {
    const { page, server } = await room.open(scenes.manyScene());
    const entries = page.getByRole('log', { name: 'Events' }).getByRole('listitem');
    await entries.first().waitFor();
    expect(await entries.count()).toBe(200);
    expect(await entries.first().locator('.text').textContent()).toBe('event 200 of many');

    server.told({ id: 201, at: NOW, event: 'state', tone: 'good', text: 'replica3 serves again' });

    await eventually(async () =>
      expect(await entries.first().locator('.text').textContent()).toBe('Good: replica3 serves again'),
    );
    expect(await entries.count()).toBe(200);
    expect(await page.getByRole('log').getAttribute('aria-live')).toBe('polite');
  });

  test('without a moment so far it shows the members all the same', async () => {
    const { page } = await room.open({ ...scenes.healthyScene(), history: [], told: [] });

    await page.getByText('Nothing has happened yet.').waitFor();
    expect(await page.locator('.said').textContent()).toBe('All well: 2 replicas serve');
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('nothing moves for who asks for that', async () => {
    const { page } = await room.open(scenes.healthyScene(), { reducedMotion: 'reduce' });
    await page.locator('.said').waitFor();

    expect(await page.evaluate('document.getAnimations().length')).toBe(0);
  });
});
