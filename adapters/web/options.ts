import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { type Clock, systemClock } from '../../lib/clock';
import { InvalidConfigError, type ReadfleetError } from '../../lib/errors';
import { formatProblems, type IssueParams, problemsOf } from '../../lib/problems';

/** The cookie that carries a session's token from one request to the next. */
export interface CookieOptions {
  /** @default "readfleet-" and the name of the fleet, so that two fleets of one site do not take each other's token away */
  readonly name?: string;
  /**
   * Seconds that a browser keeps it after a write. As long as a replica may be behind the write when it is read: past that, the token says nothing
   * that a read would not see anyway.
   * @default 300
   */
  readonly maxAgeSeconds?: number;
  /** @default "/" */
  readonly path?: string;
  /** @default - the host that was asked, and no other */
  readonly domain?: string;
  /** @default "lax" */
  readonly sameSite?: 'lax' | 'strict' | 'none';
  /**
   * Whether browsers send it over TLS only. `auto`: when the request came over TLS, or a proxy says so in `x-forwarded-proto`. Whoever makes that header
   * up changes his own cookie and nobody else's.
   * @default "auto"
   */
  readonly secure?: boolean | 'auto';
}

/** How a session goes from one request to the next. */
export interface WebSessionOptions {
  /** `false`: no cookie. @default {} */
  readonly cookie?: CookieOptions | false;
  /**
   * A header, of requests and of responses, for clients that keep no cookies: other services, mobile apps. `true`: `x-readfleet-session`. A request
   * that has both is judged by the header.
   * @default false
   */
  readonly header?: string | boolean;
  /**
   * Milliseconds that a response waits for its token, after its request wrote. Then the client gets `now` for one, and its next requests see all that
   * was committed when they came.
   * @default 1000
   */
  readonly tokenTimeoutMs?: number;
  /**
   * Is told, on a tick of its own, why a request could not go on from the token it brought (`READFLEET_TOKEN_INVALID`), or why a response carries `now`
   * instead of a token (`READFLEET_TOKEN_UNAVAILABLE`, with its cause). Neither fails the request.
   * @default - nobody is told
   */
  readonly onProblem?: (problem: ReadfleetError, request: IncomingMessage) => void;
  /** For tests. @default the system's monotonic clock */
  readonly clock?: Clock;
}

/** {@link WebSessionOptions} with every default filled in. */
export interface WebSessionSettings {
  readonly cookie: (Required<Omit<CookieOptions, 'domain'>> & Pick<CookieOptions, 'domain'>) | undefined;
  /** In lower case. */
  readonly header: string | undefined;
  readonly tokenTimeoutMs: number;
  readonly onProblem: NonNullable<WebSessionOptions['onProblem']>;
  readonly clock: Clock;
}

const CODE = 'READFLEET_WEB_OPTIONS';
const HEADER = 'x-readfleet-session';

/** Of RFC 9110: what names of headers and of cookies are made of. */
const name = z
  .string('Must be a name.')
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, "Must be letters, digits and !#$%&'*+-.^_`|~ alone.");
const attribute = /^[\x21-\x3a\x3c-\x7e]+$/;

/** Of an object's shape: what it is not, or what it has too much. */
function shapeError(notAnObject: string) {
  return ({ code, keys = [] }: { readonly code: string; readonly keys?: readonly string[] }) =>
    code === 'unrecognized_keys' ? `There is no such option: ${keys.join(', ')}.` : notAnObject;
}

const cookie = z.strictObject(
  {
    name: name.optional(),
    maxAgeSeconds: z.int('Must be a whole number of seconds.').min(1, 'Must be 1 or more.').optional(),
    path: z
      .string()
      .regex(attribute, 'Must be a path without spaces and semicolons.')
      .startsWith('/', 'Must begin with a slash.')
      .optional(),
    domain: z.string().regex(attribute, 'Must be the name of a host.').optional(),
    sameSite: z.enum(['lax', 'strict', 'none'], 'Must be "lax", "strict" or "none".').optional(),
    secure: z.union([z.boolean(), z.literal('auto')], 'Must be true, false or "auto".').optional(),
  },
  { error: shapeError('Must be an object, or false.') },
);

/** @param withCookie whether the cookie is not off: of a union, a problem would be told as of the cookie as a whole */
const schema = (withCookie: boolean) =>
  z
    .strictObject(
      {
        cookie: withCookie ? cookie.optional() : z.literal(false),
        header: z.union([z.boolean(), name], 'Must be the name of a header, true or false.').optional(),
        tokenTimeoutMs: z.number('Must be a number of milliseconds.').positive('Must be more than 0.').optional(),
        onProblem: z.custom((value) => typeof value === 'function', 'Must be a function.').optional(),
        clock: z.custom((value) => typeof value === 'object' && value !== null, 'Must be a clock.').optional(),
      },
      { error: shapeError('Must be an object.') },
    )
    .check((context) => {
      const { cookie: own, header } = context.value;
      const refuse = (path: PropertyKey[], message: string, fix: string) => {
        const params: IssueParams = { code: CODE, got: false, fix };
        context.issues.push({ code: 'custom', input: context.value, path, message, params: { ...params } });
      };
      if (own === false && (header === undefined || header === false)) {
        const message = 'Nothing would carry a session to the next request.';
        refuse(['cookie'], message, 'Leave the cookie on, or write header: true.');
      }
      if (own && own.sameSite === 'none' && own.secure === false) {
        const message = 'Browsers drop a cookie with SameSite=None that is not Secure.';
        refuse(['cookie', 'secure'], message, 'Write secure: true.');
      }
    });

/**
 * @param fleet the fleet's name, for the name of its cookie
 * @throws InvalidConfigError `READFLEET_WEB_OPTIONS`, with every problem at once
 */
export function resolveWebOptions(options: WebSessionOptions, fleet: string): WebSessionSettings {
  const withCookie = (options as WebSessionOptions | null)?.cookie !== false;
  const result = schema(withCookie).safeParse(options);
  if (!result.success) {
    const problems = problemsOf(result.error, options, CODE);
    throw new InvalidConfigError(CODE, formatProblems('session options', problems), problems);
  }
  const { cookie: own = {}, header = false, tokenTimeoutMs = 1_000, onProblem = nobody, clock = systemClock } = options;
  return {
    cookie: own === false ? undefined : { ...cookieDefaults(fleet), ...defined(own) },
    header: header === true ? HEADER : header === false ? undefined : header.toLowerCase(),
    tokenTimeoutMs,
    onProblem,
    clock,
  };
}

function cookieDefaults(fleet: string) {
  return { name: `readfleet-${fleet}`, maxAgeSeconds: 300, path: '/', sameSite: 'lax', secure: 'auto' } as const;
}

/** Without what is there and undefined, which would undo a default. */
function defined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function nobody(): void {
  // The default of onProblem: nobody asked to be told.
}
