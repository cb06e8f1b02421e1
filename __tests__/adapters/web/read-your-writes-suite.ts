import type { LocalFleet } from '../../../local';
import { startRegister } from './register';
import { addOne, Browser, type Open, type Site } from './sites';

/** What a client sees of its own writes, on each of these. */
export function promises(sites: readonly (readonly [name: string, open: Open])[]): void {
  let local: LocalFleet;

  beforeAll(async () => {
    local = await startRegister();
  });

  afterAll(() => local?.stop());

  describe.each(sites)('%s', (_, open) => promisesOf(open, () => local));
}

function promisesOf(open: Open, local: () => LocalFleet): void {
  let site: Site;
  const problems = jest.fn();

  beforeAll(async () => {
    // Requests wait for replicas that will not come: for as short as may be.
    const connect = { session: { waitMs: 0 } };
    site = await open({ contract: local().contract, connect, session: { header: true, onProblem: problems } });
    // Seen far behind: what a session then reads of it is nothing that was waited for.
    await addOne(site.fleet);
  });

  afterAll(() => site?.close());

  test('who wrote sees it with his next request, and who did not sees the replica', async () => {
    const writer = new Browser(site.url);
    const other = new Browser(site.url);

    const written = await writer.add();

    expect(await writer.value()).toBe(written);
    expect(await other.value()).toBe(0);
  });

  test('what carries it is a cookie for this host alone, kept from scripts, for a while', async () => {
    const response = await new Browser(site.url).send('POST', '/value');

    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^readfleet-local=rf1\.[0-9a-f]{8}\.1\.[0-9a-f]+; Max-Age=300; Path=\/; HttpOnly; SameSite=Lax$/,
      ),
    ]);
    expect(response.headers.get('cache-control')).toContain('private');
  });

  test('or a header', async () => {
    const response = await new Browser(site.url).send('POST', '/value');
    const token = response.headers.get('x-readfleet-session') ?? '';
    const { value: written } = (await response.json()) as { value: number };

    expect(await new Browser(site.url).value({ 'x-readfleet-session': token })).toBe(written);
    expect(await new Browser(site.url).value({ cookie: `readfleet-local=${token}` })).toBe(written);
  });

  test('a request that only reads asks the primary nothing and sets nothing', async () => {
    const position = jest.spyOn(site.fleet.internals.members, 'position');
    const browser = new Browser(site.url);
    await browser.add();
    expect(position).toHaveBeenCalledTimes(1);

    const after = await browser.send('GET', '/value');

    expect(after.headers.getSetCookie()).toEqual([]);
    expect(after.headers.get('cache-control')).toBeNull();
    expect(position).toHaveBeenCalledTimes(1);
    position.mockRestore();
  });

  test('a request that wrote and failed hands on what it did', async () => {
    const browser = new Browser(site.url);

    const failed = await browser.send('POST', '/fail');

    expect(failed.status).toBe(500);
    const [{ value }] = (await local().primary.query('select value from register')) as [{ value: number }];
    expect(await browser.value()).toBe(value);
  });

  test('one that wrote and sends the client elsewhere too', async () => {
    const browser = new Browser(site.url);

    const response = await browser.send('POST', '/redirect');

    expect([response.status, response.headers.get('location')]).toEqual([303, '/value']);
    expect(await browser.value()).toBeGreaterThan(0);
  });

  test('behind the parser of a body the request is in its session still', async () => {
    const browser = new Browser(site.url);
    const body = JSON.stringify({ text: 'x'.repeat(50_000) });

    const response = await browser.send('POST', '/body', { 'content-type': 'application/json' }, body);

    const { value } = (await response.json()) as { value: number };
    expect(value).toBeGreaterThan(0);
    expect(await browser.value()).toBe(value);
  });

  test('requests at once do not see each other’s sessions', async () => {
    const writer = new Browser(site.url);
    const written = await writer.add();

    const turns = Array.from({ length: 40 }, (_each, index) => index % 2 === 0);
    const seen = await Promise.all(turns.map((mine) => (mine ? writer : new Browser(site.url)).value()));

    expect(seen).toEqual(turns.map((mine) => (mine ? written : 0)));
  });

  test.each([
    ['another fleet’s', 'rf1.00000000.1.ff'],
    ['of a later release', 'rf2.00000000.1.ff'],
    ['no token', 'Robert"); drop table students'],
    ['empty', ''],
    ['far too long', 'x'.repeat(4_000)],
  ])('a cookie that is %s is told, and is as good as none', async (_kind, cookie) => {
    problems.mockClear();

    const response = await new Browser(site.url).send('GET', '/value', { cookie: `readfleet-local=${cookie}` });

    expect(await response.json()).toEqual({ value: 0 });
    expect(problems).toHaveBeenCalledTimes(1);
    const [problem, request] = problems.mock.calls[0] ?? [];
    expect(problem).toMatchObject({ code: 'READFLEET_TOKEN_INVALID' });
    expect(request.url).toBe('/value');
  });

  test('after a cookie that is none, a write is carried on as ever', async () => {
    const browser = new Browser(site.url);
    browser.cookie = 'readfleet-local=rf1.00000000.1.ff';

    const written = await browser.add();

    expect(await browser.value()).toBe(written);
  });

  test('what nobody serves is answered as without a session', async () => {
    const response = await new Browser(site.url).send('GET', '/nowhere');

    expect(response.headers.getSetCookie()).toEqual([]);
  });
}
