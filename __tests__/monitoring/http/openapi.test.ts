import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import {
  type Action,
  type MonitoringHandler,
  type MonitoringOptions,
  monitoringHandler,
  PATHS,
} from '../../../monitoring/http';
import { openApi } from '../../../monitoring/http/openapi';
import { pageHtml } from '../../../monitoring/page';
import { eventually } from '../../support/eventually';
import { EventReader } from './support/events';
import { ADMIN, asReader, bearer, order, TOKEN } from './support/requests';

jest.mock('../../../monitoring/page', () => {
  const page = jest.requireActual('../../../monitoring/page');
  return { ...page, pageHtml: jest.fn(page.pageHtml) };
});

type Operation = {
  readonly responses: Readonly<
    Record<string, { $ref?: string; content?: Readonly<Record<string, { schema: object }>> }>
  >;
};

const FILE = path.join(__dirname, '../../../docs/openapi.json');
const paths = openApi.paths as unknown as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
/** `GET /metrics 200`, for all that is described. */
const described = Object.entries(paths).flatMap(([template, methods]) =>
  Object.entries(methods).flatMap(([method, { responses }]) =>
    Object.keys(responses).map((status) => `${method.toUpperCase()} ${template} ${status}`),
  ),
);

const ajv = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  formats: { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) },
});
ajv.addVocabulary(['openapi', 'info', 'servers', 'security', 'paths', 'components', 'content', 'responses']);
ajv.addSchema({ ...openApi, $id: 'openapi' });

test('docs/openapi.json is what the handler serves; if not, write it anew as docs/http.md says', () => {
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(openApi);
});

test('it is a description by the rules of OpenAPI', async () => {
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  // The validator is an ES module, which Jest does not load.
  const script = `import { Validator } from '@seriousme/openapi-schema-validator';
    const validator = new Validator();
    const { valid, errors } = await validator.validate(process.argv[1]);
    console.log(JSON.stringify({ valid, errors, version: validator.version }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, FILE], {
    cwd: path.join(__dirname, '../../..'),
  });
  expect(JSON.parse(stdout)).toEqual({ valid: true, version: '3.1' });
});

describe('what is answered is what is described', () => {
  let local: LocalFleet;
  let fleet: Fleet;
  let handler: MonitoringHandler;
  const handlers: MonitoringHandler[] = [];
  const observed = new Set<string>();

  const actions: readonly Action[] = [
    { name: 'sigh', label: 'Sigh', help: '', on: 'fleet', run: async () => undefined },
    { name: 'fail', label: 'Fail', help: '', on: 'fleet', run: () => Promise.reject(new Error('it did')) },
  ];

  beforeAll(async () => {
    local = await startLocalFleet({ replicas: ['blue'] });
    fleet = await connect(local.contract, { endpoints: { search: {} } });
    handler = make({});
  });

  afterAll(async () => {
    for (const one of handlers) one.close();
    await fleet?.close();
    await local?.stop();
  });

  // The first one is the handler of all.
  afterEach(() => {
    for (const one of handlers.splice(1)) one.close();
  });

  function make(options: Partial<MonitoringOptions>, of = fleet): MonitoringHandler {
    const made = monitoringHandler(of, { token: TOKEN, admin: ADMIN, actions, ...options });
    handlers.push(made);
    return made;
  }

  /** Sends it, and holds the answer against what is described of it. */
  async function ask(
    template: string,
    init: RequestInit,
    names: Readonly<Record<string, string>> = {},
    by = handler,
    host = 'localhost',
  ) {
    const sent = template.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? defaults[name] ?? '');
    const response = await by.fetch(new Request(`http://${host}${sent}`, init));
    const method = init.method ?? 'GET';
    const { status } = response;
    observed.add(`${method} ${template} ${status}`);
    const type = response.headers.get('content-type')?.replace(/;.*/, '') ?? '';
    const answer = paths[template]?.[method.toLowerCase()]?.responses[status];
    if (!answer) throw new Error(`${method} ${template} answers ${status}, of which nothing is described`);
    const content = answer.$ref ? resolve(answer.$ref).content : answer.content;
    expect(Object.keys(content ?? {})).toContain(type);
    if (type.endsWith('json'))
      valid((content?.[type]?.schema ?? {}) as { $ref?: string }, await response.clone().json());
    return response;
  }

  const defaults: Readonly<Record<string, string>> = { endpoint: 'search', member: 'blue', name: 'sigh' };
  const resolve = (pointer: string) =>
    openApi.components.responses[pointer.split('/').at(-1) ?? ''] as Operation['responses'][string];

  function valid({ $ref, ...schema }: { $ref?: string }, body: unknown): void {
    const validate = ajv.compile($ref ? { $ref: `openapi${$ref}` } : schema);
    validate(body);
    expect(validate.errors ?? []).toEqual([]);
  }

  const gets = Object.keys(paths).filter((template) => paths[template]?.get && template !== PATHS.stream);
  const posts = Object.keys(paths).filter((template) => paths[template]?.post);
  const reads = gets.filter((template) => template !== PATHS.page && template !== PATHS.openapi);

  test.each(gets)('GET %s', async (template) => {
    expect((await ask(template, asReader)).status).toBe(200);
    const open = make({ token: false, admin: undefined });
    expect((await ask(template, {}, {}, open, 'evil.example')).status).toBe(403);
    if (reads.includes(template)) expect((await ask(template, {})).status).toBe(401);
  });

  test('GET of the stream, with all that it sends', async () => {
    const response = await ask(PATHS.stream, asReader);
    const events = new EventReader(response);
    valid({ $ref: '#/components/schemas/Hello' }, (await events.next())?.data);
    await handler.fetch(new Request(`http://localhost${PATHS.admin}/endpoints/search/enable`, order()));
    valid({ $ref: '#/components/schemas/Told' }, await events.nextOf('told'));
    valid({ $ref: '#/components/schemas/Tick' }, await events.nextOf('tick'));
    await events.leave();
    expect((await ask(PATHS.stream, {})).status).toBe(401);
    const open = make({ token: false, admin: undefined });
    expect((await ask(PATHS.stream, {}, {}, open, 'evil.example')).status).toBe(403);
  });

  test.each(posts)('POST %s', async (template) => {
    const body = template.endsWith('rollout') ? { percent: 50 } : {};
    const good = await ask(template, order(body));
    expect(good.status).toBe(template.endsWith('/drain') ? 202 : 200);
    expect((await ask(template, { method: 'POST' })).status).toBe(401);
    expect((await ask(template, order(body, TOKEN))).status).toBe(403);
    expect((await ask(template, order('{'))).status).toBe(400);
    expect((await ask(template, order({ other: 1 }))).status).toBe(422);
    expect((await ask(template, order('"'.repeat(20_000)))).status).toBe(413);
    expect((await ask(template, { method: 'POST', headers: bearer(ADMIN), body: 'x' })).status).toBe(415);
    if (/member|name/.test(template)) {
      expect((await ask(template, order(body), { member: 'red', name: 'dance' })).status).toBe(404);
    }
  });

  test('an action that fails', async () => {
    const response = await ask(`${PATHS.admin}/actions/{name}`, order({}), { name: 'fail' });
    expect(await response.json()).toMatchObject({
      status: 500,
      code: 'READFLEET_HTTP_ACTION_FAILED',
      detail: 'Fail failed: it did',
    });
  });

  test('a page that is switched off', async () => {
    expect((await ask(PATHS.page, {}, {}, make({ page: false }))).status).toBe(404);
  });

  test('a page that cannot be made', async () => {
    jest.mocked(pageHtml).mockImplementationOnce(() => {
      throw new Error('no page here');
    });
    expect((await ask(PATHS.page, {})).status).toBe(500);
  });

  test('metrics that are switched off, and such as fail', async () => {
    expect((await ask(PATHS.metrics, asReader, {}, make({ metrics: false }))).status).toBe(404);
    const metrics = { contentType: 'text/plain', metrics: () => Promise.reject(new Error('no')) };
    expect((await ask(PATHS.metrics, asReader, {}, make({ metrics }))).status).toBe(500);
  });

  test('metrics without prom-client', async () => {
    jest.resetModules();
    jest.doMock('prom-client', () => {
      throw Object.assign(new Error("Cannot find module 'prom-client'"), { code: 'MODULE_NOT_FOUND' });
    });
    const without = jest.requireActual<typeof import('../../../monitoring/http')>('../../../monitoring/http');
    const made = without.monitoringHandler(fleet, { token: TOKEN });
    handlers.push(made);
    const response = await ask(PATHS.metrics, asReader, {}, made);
    expect(await response.json()).toMatchObject({
      status: 501,
      detail: expect.stringContaining('npm install prom-client'),
    });
    jest.dontMock('prom-client');
  });

  test('health of a replica that is gone', async () => {
    const other = await connect(local.contract);
    await local.replica('blue').kill();
    const watching = make({}, other);
    await eventually(async () => (await ask(PATHS.health, asReader, {}, watching)).status === 503);
    await local.replica('blue').restart();
    await other.close();
  });

  test('a fleet that is closed', async () => {
    const other = await connect(local.contract);
    const closed = make({}, other);
    await other.close();
    for (const template of [...reads, PATHS.stream])
      expect((await ask(template, asReader, {}, closed)).status).toBe(503);
    for (const template of posts) expect((await ask(template, order({}), {}, closed)).status).toBe(503);
  });

  test('nothing is described that is not answered', () => {
    expect([...observed].sort()).toEqual([...described].sort());
  });
});
