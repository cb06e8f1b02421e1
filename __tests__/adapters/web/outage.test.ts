import type { LocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';
import { startRegister } from './register';
import { Browser, type Site, sites } from './sites';

let local: LocalFleet;
let site: Site;
const problems = jest.fn();

beforeAll(async () => {
  local = await startRegister();
  const [, open] = sites.find(([name]) => name === 'Fastify') as (typeof sites)[number];
  const connect = { session: { waitMs: 0 } };
  site = await open({ contract: local.contract, connect, session: { onProblem: problems, header: true } });
});

afterAll(async () => {
  await site?.close();
  await local?.stop();
});

test('a primary that dies between the write and the answer costs the client nothing: he sees his write when it is back', async () => {
  const { members } = site.fleet.internals;
  const browser = new Browser(site.url);
  const position = members.position.bind(members);
  // The write is done; the question for the token is what finds nobody there.
  const asked = jest.spyOn(members, 'position').mockImplementationOnce(async () => {
    await local.primary.kill();
    return position();
  });

  const response = await browser.send('POST', '/value');

  expect(asked).toHaveBeenCalledTimes(1);
  asked.mockRestore();
  expect(response.status).toBe(200);
  const { value } = (await response.json()) as { value: number };
  expect(browser.cookie).toBe('readfleet-local=now');
  expect(response.headers.get('x-readfleet-session')).toBe('now');
  expect(problems).toHaveBeenCalledWith(
    expect.objectContaining({ code: 'READFLEET_TOKEN_UNAVAILABLE', cause: expect.anything() }),
    expect.anything(),
  );

  // While it is away his read fails, as reads do, or is answered by what is left of it: with his write. Others are served.
  const away = (await (await browser.send('GET', '/value')).json()) as { value?: number };
  expect(away.value ?? value).toBe(value);
  expect(browser.cookie).toBe('readfleet-local=now');
  expect(await new Browser(site.url).value()).toBe(0);

  await local.primary.restart();
  await eventually(async () => expect((await browser.send('GET', '/value')).status).toBe(200));
  expect(await browser.value()).toBe(value);
});

test('once the primary answers, "now" becomes a token', async () => {
  const [{ value }] = (await local.primary.query('select value from register')) as [{ value: number }];
  const browser = new Browser(site.url);
  browser.cookie = 'readfleet-local=now';

  await eventually(async () => {
    expect(await browser.value()).toBe(value);
    expect(browser.cookie).toMatch(/^readfleet-local=rf1\./);
  });
  expect(await browser.value()).toBe(value);
});

test('a primary that freezes after the write holds the answer up for a second at most', async () => {
  const { members } = site.fleet.internals;
  const browser = new Browser(site.url);
  await eventually(async () => expect((await browser.send('POST', '/value')).status).toBe(200));
  const position = members.position.bind(members);
  const asked = jest.spyOn(members, 'position').mockImplementationOnce(async () => {
    await local.primary.freeze();
    return position();
  });
  let value: number;
  try {
    value = await browser.add();

    expect(browser.cookie).toBe('readfleet-local=now');
  } finally {
    asked.mockRestore();
    await local.primary.thaw();
  }
  await eventually(async () => expect(await browser.value()).toBe(value));
});
