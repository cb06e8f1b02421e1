import { chatOptions, chatRequest, prepareChat, serveChat } from '../../../examples/apps/chat/app';
import { conversationList, historyPage } from '../../../examples/apps/chat/figures';
import { decisionsOf, loseReplicasUnderLoad, type Rig, startRig } from './rig';

const LONG = 470;
let rig: Rig;

beforeAll(async () => {
  const size = { people: 50, conversations: 60, long: LONG, short: 20 };
  rig = await startRig(chatOptions(), (fleet) => prepareChat(fleet, size), serveChat);
});
afterAll(() => rig?.end());
afterEach(async () => {
  rig.fleet.flags.enableAll();
  for (const { endpoint } of rig.fleet.flags.list()) rig.fleet.flags.enable(endpoint);
  await rig.sound();
});

const as = (person: number, cookie = '') => ({ headers: { 'x-person': String(person), ...(cookie && { cookie }) } });
const send = (person: number, conversation: number, body: string) =>
  rig.call('POST', `/conversations/${conversation}/messages`, { ...as(person), body: { body } });
const bodies = (answer: { body: { messages: { body: string }[] } }) => answer.body.messages.map(({ body }) => body);
const pause = () => Promise.all(rig.local.replicas.map((replica) => replica.pauseReplay()));

describe('the list of conversations', () => {
  test('says of each what single questions to the primary say', async () => {
    const { body } = await rig.call('GET', '/conversations?first=7', as(1));

    expect(body.conversations).toHaveLength(7);
    for (const { id, unread, members, latest } of body.conversations) {
      const [expected] = await rig.local.primary.query(
        `select (select count(*)::int from member where conversation_id = $1) as members,
           (select count(*)::int from message m join member on member.conversation_id = m.conversation_id
            where m.conversation_id = $1 and person_id = 1 and m.id > read_up_to and author_id <> 1) as unread,
           (select body from message where conversation_id = $1 order by created_at desc, id desc limit 1) as body`,
        [id],
      );
      expect({ members, unread, body: latest.body }).toEqual(expected);
      expect(unread).toBeGreaterThan(0);
    }
  });

  test('takes four statements, on replicas, however long it is', async () => {
    for (const first of [2, 50]) {
      const decisions = await decisionsOf(rig.fleet, () => rig.call('GET', `/conversations?first=${first}`, as(1)));

      expect(decisions.map(({ target, endpoint }) => [target, endpoint])).toEqual(
        Array.from({ length: 4 }, () => ['replica', 'conversation.list']),
      );
    }
  });

  test('has the conversation first in which somebody has just written', async () => {
    const { cookie } = await send(1, 33, 'to the top');

    const { body } = await rig.call('GET', '/conversations?first=1', as(1, cookie));

    expect(body.conversations).toMatchObject([{ id: '33', latest: { body: 'to the top', author_id: '1' } }]);
  });

  test('goes on after its last one, and ends', async () => {
    const ids: string[] = [];
    let after = '';
    do {
      const { body } = await rig.call('GET', `/conversations?first=25${after && `&after=${after}`}`, as(1));
      ids.push(...body.conversations.map(({ id }: { id: string }) => id));
      after = body.pageInfo.hasNextPage ? body.pageInfo.endCursor : '';
    } while (after);

    expect(new Set(ids).size).toBe(60);
    expect(ids).toHaveLength(60);
  });
});

describe('the history', () => {
  test('is read page by page, back and forth, each message once', async () => {
    const pages: string[][] = [];
    let cursor = '';
    let before = '';
    do {
      const answer = await rig.call('GET', `/conversations/1/messages?first=200${cursor && `&after=${cursor}`}`, as(1));
      pages.push(bodies(answer));
      const { pageInfo } = answer.body;
      before = pageInfo.startCursor;
      cursor = pageInfo.hasNextPage ? pageInfo.endCursor : '';
    } while (cursor);
    const back = await rig.call('GET', `/conversations/1/messages?last=200&before=${before}`, as(1));

    expect(pages.map((page) => page.length)).toEqual([200, 200, LONG - 400]);
    expect(new Set(pages.flat()).size).toBe(LONG);
    expect(bodies(back)).toEqual(pages[1]);
  });

  test.each(['first=10&after=made-up', 'first=0', 'first=201', 'first=5&last=5', 'first=many'])(
    '%s is the client’s mistake',
    async (query) => {
      const answer = await rig.call('GET', `/conversations/1/messages?${query}`, as(1));

      expect(answer.status).toBe(400);
      expect(answer.body.message).toMatch(/\w/);
    },
  );

  test('is for members', async () => {
    const stranger = 30;

    const { body } = await rig.call('GET', '/conversations/1/messages', as(stranger));

    expect(body).toMatchObject({ messages: [], pageInfo: { hasNextPage: false } });
    expect(await send(stranger, 1, 'let me in')).toMatchObject({ status: 404 });
    expect(await rig.call('GET', '/conversations/1/latest', as(stranger))).toMatchObject({ status: 404 });
  });
});

describe('who has sent a message', () => {
  test('sees it at once while replicas stand still; others see it when a replica has it', async () => {
    await pause();

    const { status, cookie } = await send(1, 5, 'seen at once');

    expect(status).toBe(201);
    const mine = await rig.call('GET', '/conversations/5/messages?first=1', as(1, cookie));
    const theirs = await rig.call('GET', '/conversations/5/messages?first=1', as(7));
    expect(bodies(mine)).toEqual(['seen at once']);
    expect(bodies(theirs)).not.toEqual(['seen at once']);
  });

  test('others see it where they insist on what is there now', async () => {
    await pause();
    await send(1, 5, 'on the primary');

    const now = await rig.call('GET', '/conversations/5/latest?fresh=true', as(7));
    const lately = await rig.call('GET', '/conversations/5/latest', as(7));

    expect(now.body.body).toBe('on the primary');
    expect(lately.body.body).not.toBe('on the primary');
  });

  test('the badge of others counts it, since that is never asked of a replica', async () => {
    const badge = async () => (await rig.call('GET', '/unread', as(7))).body.unread;
    const before = await badge();
    await pause();

    const { body } = await send(1, 5, 'counted');

    expect(await badge()).toBe(before + 1);
    expect(await rig.call('POST', '/conversations/5/read', { ...as(7), body: { upTo: body.id } })).toMatchObject({
      status: 204,
    });
    expect(await badge()).toBeLessThan(before);
  });

  test('two at once in one conversation: both are there, and the later one is the newer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, place) => send(place % 2 ? 1 : 8, 6, `at once ${place}`)),
    );

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    const rows = await rig.local.primary.query<{ body: string }>(
      `select body from message where conversation_id = 6 and body like 'at once%' order by created_at, id`,
    );
    const byId = await rig.local.primary.query<{ body: string }>(
      `select body from message where conversation_id = 6 and body like 'at once%' order by id`,
    );
    expect(rows).toEqual(byId);
    expect(rows).toHaveLength(20);
  });
});

describe('switches', () => {
  const admin = (path: string, body: object = {}) =>
    rig.call('POST', `/internal/v1/system/database/admin/endpoints/${path}`, { body });
  const targets = async (person: number) => {
    const decisions = await decisionsOf(rig.fleet, async () => {
      await rig.call('GET', '/conversations/1/messages?first=1', as(person));
    });
    return decisions.map(({ target, reason }) => `${target}: ${reason}`);
  };

  test('an endpoint that is switched off by HTTP is read on the primary, and the others are not', async () => {
    expect((await admin('message.history/disable')).status).toBe(200);

    expect(await targets(1)).toEqual(['primary: endpoint disabled']);
    const list = await decisionsOf(rig.fleet, () => rig.call('GET', '/conversations?first=1', as(1)));
    expect(list.map(({ target }) => target)).toEqual(['replica', 'replica', 'replica', 'replica']);
  });

  test('in a rollout who is in stays in while it grows', async () => {
    const within = async (percent: number) => {
      await admin('message.history/rollout', { percent });
      const people = new Set<number>();
      for (let person = 1; person <= 50; person += 1) {
        if ((await targets(person))[0]?.startsWith('replica')) people.add(person);
      }
      return people;
    };

    const sizes: Set<number>[] = [];
    for (const percent of [10, 25, 50, 100]) sizes.push(await within(percent));

    for (const [place, larger] of sizes.entries()) {
      for (const person of sizes[place - 1] ?? []) expect(larger).toContain(person);
    }
    expect(sizes[3]?.size).toBe(50);
    expect(sizes[0]?.size).toBeLessThan(25);
    expect(sizes[1]?.size).toBeGreaterThan(0);
  });

  test('with everything switched off nothing is asked of a replica', async () => {
    await admin('disable-all');
    const reads = () =>
      rig.fleet.status().members.reduce((sum, { role, reads }) => sum + (role === 'replica' ? reads : 0), 0);
    const before = reads();

    for (let turn = 0; turn < 20; turn += 1) await chatRequest(rig.url, turn);

    expect(reads()).toBe(before);
  });
});

test('a replica that is killed under load, and then the other one, fails no request', async () => {
  const { done, failures } = await loseReplicasUnderLoad(rig, chatRequest);

  expect(failures).toEqual([]);
  expect(done).toBeGreaterThan(50);
});

describe('figures', () => {
  test('a page by keyset is the page by OFFSET', async () => {
    const { naive, ours } = await historyPage(rig.fleet, 4);

    expect(await ours()).toEqual(await naive());
    expect(await ours()).toHaveLength(50);
  });

  test('a list in four statements is the list in one for each question', async () => {
    const { naive, ours } = conversationList(rig.fleet, 20);

    expect(await ours()).toEqual(await naive());
  });
});
