import type { Fleet } from '../../lib';
import { pageHtml } from '../page';
import { Recorder } from '../recorder';
import { type ActionView, PATHS } from '../view';
import { Access } from './access';
import { Admin } from './admin';
import { healthBody, lagBody, poolsBody } from './bodies';
import { readObject } from './body';
import { type Answer, type Ask, type Headers, json } from './exchange';
import { metricsView } from './metrics';
import { openApi } from './openapi';
import { checkOptions, type MonitoringOptions } from './options';
import { HttpProblem, problemAnswer } from './problem';
import { type Call, type Found, find, type Route, routes } from './routes';
import { Streams } from './streams';

const ALWAYS: Headers = {
  'cache-control': 'no-store, no-transform',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Answers requests; the faces (node, fetch, Fastify) bring them and carry the answers away. */
export class Core {
  readonly basePath: string;
  private readonly access: Access;
  private readonly recorder: Recorder;
  private readonly streams: Streams;
  private readonly routes: readonly Route[];
  private readonly actions: readonly ActionView[];

  /** @throws InvalidConfigError `READFLEET_HTTP_OPTIONS` */
  constructor(
    private readonly fleet: Fleet,
    options: MonitoringOptions,
  ) {
    checkOptions(options);
    const { basePath = '', actions = [], clock, now, page = true } = options;
    this.basePath = basePath;
    this.access = new Access(options);
    const metrics = metricsView(fleet, options.metrics);
    this.recorder = new Recorder(fleet, { ...(clock && { clock }), ...(now && { now }) });
    this.streams = new Streams(this.recorder);
    this.actions = actions.map(({ name, label, help, on, asks = false }) => ({ name, label, help, on, asks }));
    this.routes = routes(
      {
        page: () => pageView(page),
        lag: () => json(200, lagBody(this.recorder.status())),
        health: () => {
          const body = healthBody(this.recorder.status());
          return json(body.healthy ? 200 : 503, body);
        },
        pools: () => json(200, poolsBody(this.recorder.status())),
        status: () => json(200, this.recorder.status()),
        stream: (call) => this.stream(call),
        metrics,
        openapi: () => json(200, openApi),
      },
      new Admin(fleet, this.recorder, actions),
    );
    fleet.on('closed', this.close);
  }

  /** @returns undefined when the path is none of the handler's */
  async handle(ask: Ask): Promise<Answer | undefined> {
    try {
      // To be read at any address, what the page asks for is beside it: with a slash at its end it would ask elsewhere.
      if (ask.path === `${PATHS.page}/`) return finish({ status: 308, headers: { location: '../database' }, body: '' });
      const found = find(this.routes, ask.path);
      return found && finish(await this.answer(ask, found));
    } catch (error) {
      return finish(problemAnswer(error));
    }
  }

  private async answer(ask: Ask, { path, routes: there, params }: Found): Promise<Answer> {
    this.access.checkHost(ask);
    const method = ask.method === 'HEAD' ? 'GET' : ask.method;
    const route = there.find((one) => one.method === method);
    if (!route) throw notAllowed(path, ask.method, there);
    const level = route.for === 'anybody' ? 'read' : this.access.admit(ask, route.for);
    if (route.for !== 'anybody') this.fleet.internals.assertOpen();
    if (route.for === 'admin') this.access.checkOrigin(ask);
    const body = route.for === 'admin' ? await readObject(ask, route.takes, this.access.adminOpen) : {};
    const by = ask.from === undefined ? '' : `, by ${ask.from}`;
    const answer = await route.answer({ params, body, level, by });
    return ask.method === 'HEAD' ? { status: answer.status, headers: answer.headers, body: '' } : answer;
  }

  private stream({ level }: Call): Answer {
    if (this.streams.closed)
      throw new HttpProblem(503, 'READFLEET_HTTP_CLOSED', 'The monitoring handler is closed: close() was called.');
    return {
      status: 200,
      // Proxies must not gather what is to be seen at once.
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
      stream: (client) =>
        this.streams.open(client, {
          status: this.recorder.status(),
          history: this.recorder.history,
          told: this.recorder.told,
          admin: level === 'admin',
          actions: this.actions,
        }),
    };
  }

  /** Ends streams and stops recording. May be called again. */
  readonly close = (): void => {
    this.fleet.off('closed', this.close);
    this.streams.close();
    this.recorder.stop();
  };
}

function finish(answer: Answer): Answer {
  return { ...answer, headers: { ...ALWAYS, ...answer.headers } };
}

function notAllowed(path: string, method: string, there: readonly Route[]): HttpProblem {
  const allow = there.flatMap((route) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method])).join(', ');
  return new HttpProblem(405, 'READFLEET_HTTP_METHOD', `${path} does not take ${method}. It takes: ${allow}.`, {
    allow,
  });
}

function pageView(served: boolean): Answer {
  if (!served)
    throw new HttpProblem(
      404,
      'READFLEET_HTTP_NO_PAGE',
      'The status page is switched off: monitoringHandler() was given page: false.',
    );
  const { html, contentSecurityPolicy } = pageHtml();
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy,
      'x-frame-options': 'DENY',
    },
    body: html,
  };
}
