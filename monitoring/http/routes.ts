import { PATHS } from '../view';
import type { Level } from './access';
import type { Admin, Order } from './admin';
import type { Answer } from './exchange';
import { HttpProblem } from './problem';

/** A request that may be answered. */
export interface Call extends Order {
  readonly level: Level;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** Segments in braces stand for anything. */
  readonly path: string;
  /** `anybody`: what holds no data. */
  readonly for: Level | 'anybody';
  /** Members that a body may have; of POST. */
  readonly takes: readonly string[];
  readonly answer: (call: Call) => Answer | Promise<Answer>;
}

export interface Found {
  readonly path: string;
  readonly routes: readonly Route[];
  readonly params: Readonly<Record<string, string>>;
}

/** What answers GET. */
export type Views = Readonly<Record<Exclude<keyof typeof PATHS, 'admin'>, (call: Call) => Answer | Promise<Answer>>>;

export function routes(views: Views, admin: Admin): readonly Route[] {
  const get = (name: keyof Views, who: Route['for'] = 'read'): Route => ({
    method: 'GET',
    path: PATHS[name],
    for: who,
    takes: [],
    answer: views[name],
  });
  const post = (
    path: string,
    answer: (order: Order) => Answer | Promise<Answer>,
    takes: readonly string[] = [],
  ): Route => ({
    method: 'POST',
    path: `${PATHS.admin}/${path}`,
    for: 'admin',
    takes,
    answer,
  });
  return [
    get('page', 'anybody'),
    get('lag'),
    get('health'),
    get('pools'),
    get('status'),
    get('stream'),
    get('metrics'),
    get('openapi', 'anybody'),
    post('endpoints/{endpoint}/enable', (order) => admin.enable(order)),
    post('endpoints/{endpoint}/disable', (order) => admin.disable(order)),
    post('endpoints/{endpoint}/rollout', (order) => admin.rollout(order), ['percent']),
    post('endpoints/disable-all', (order) => admin.disableAll(order)),
    post('endpoints/enable-all', (order) => admin.enableAll(order)),
    post('members/{member}/breaker/open', (order) => admin.openBreaker(order)),
    post('members/{member}/breaker/closed', (order) => admin.closeBreaker(order)),
    post('members/{member}/breaker/reset', (order) => admin.resetBreaker(order)),
    post('members/{member}/drain', (order) => admin.drain(order)),
    post('members/{member}/undrain', (order) => admin.undrain(order)),
    post('actions/{name}', (order) => admin.act(order), ['member']),
  ];
}

/**
 * The routes of a path, one per method.
 *
 * @throws HttpProblem 400 of a name that is not percent-encoded as it should be
 */
export function find(all: readonly Route[], path: string): Found | undefined {
  for (const route of all) {
    const params = match(route.path, path);
    if (params) return { path: route.path, routes: all.filter((other) => other.path === route.path), params };
  }
  return undefined;
}

function match(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/');
  const got = path.split('/');
  if (wanted.length !== got.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const there = got[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined) {
      if (there !== segment) return undefined;
    } else if (there === '') return undefined;
    else params[name] = there;
  }
  return Object.fromEntries(Object.entries(params).map(([name, text]) => [name, decode(text)]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Malformed: said in words that name what is wrong with it.
    throw new HttpProblem(400, 'READFLEET_HTTP_PATH', `"${text}" in the path is not percent-encoded as it should be.`);
  }
}
