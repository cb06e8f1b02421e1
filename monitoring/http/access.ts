import { createHash, timingSafeEqual } from 'node:crypto';
import { type Ask, header } from './exchange';
import { type MonitoringOptions, tokensOf } from './options';
import { HttpProblem } from './problem';

export type Level = 'read' | 'admin';

/** Decides who may look and who may use the switches. */
export class Access {
  private readonly readers: readonly Buffer[];
  private readonly admins: readonly Buffer[];
  private readonly hosts: ReadonlySet<string>;
  /** Whether anybody may look, without a token. */
  readonly open: boolean;
  /** Whether anybody may use the switches, without a token. */
  readonly adminOpen: boolean;

  constructor({ token, admin, hosts = [] }: Pick<MonitoringOptions, 'token' | 'admin' | 'hosts'>) {
    this.open = token === false;
    this.adminOpen = admin === false;
    this.readers = tokensOf(token).map(digest);
    this.admins = tokensOf(admin).map(digest);
    this.hosts = new Set(hosts.map((host) => host.toLowerCase()));
  }

  /**
   * Without tokens a browser is the way in: a page whose name was made to point here (DNS rebinding) would read as if it were ours. It cannot
   * change the name that the browser sends.
   *
   * @throws HttpProblem 403
   */
  checkHost(ask: Ask): void {
    if (!this.open) return;
    const host = nameIn(header(ask, 'host') ?? header(ask, ':authority'));
    if (host !== undefined && (isLoopback(host) || this.hosts.has(host))) return;
    throw new HttpProblem(
      403,
      'READFLEET_HTTP_HOST',
      `Without tokens only this machine is served, by its own names; this asks for "${host ?? ''}". Add it to \`hosts\`, or set a token.`,
    );
  }

  /**
   * What whoever asks may do.
   *
   * @param wanted what is asked for
   * @throws HttpProblem 401, 403
   */
  admit(ask: Ask, wanted: Level): Level {
    const presented = bearer(header(ask, 'authorization'));
    const level = this.levelOf(presented);
    if (level === 'admin' || (level === 'read' && wanted === 'read')) return level;
    if (level === 'read' && this.admins.length === 0) {
      throw new HttpProblem(
        403,
        'READFLEET_HTTP_NO_ADMIN',
        'The switches cannot be used here: monitoringHandler() was given no `admin` token.',
      );
    }
    if (level === 'read' && presented !== undefined && !this.open) {
      throw new HttpProblem(
        403,
        'READFLEET_HTTP_READER',
        'This token may look, and not use the switches: that takes the admin token.',
      );
    }
    throw new HttpProblem(
      401,
      'READFLEET_HTTP_TOKEN',
      presented === undefined
        ? `Send a header: Authorization: Bearer <the ${wanted === 'admin' ? 'admin ' : ''}token>.`
        : 'Nobody has this token here.',
      { 'www-authenticate': `Bearer realm="readfleet"${presented === undefined ? '' : ', error="invalid_token"'}` },
    );
  }

  /**
   * Without an admin token, a page of another site must not get a browser to press a switch.
   *
   * @throws HttpProblem 403
   */
  checkOrigin(ask: Ask): void {
    if (!this.adminOpen) return;
    const origin = header(ask, 'origin');
    const site = header(ask, 'sec-fetch-site');
    const foreign =
      origin !== undefined && hostOf(origin) !== (header(ask, 'host') ?? header(ask, ':authority'))?.toLowerCase();
    if (!foreign && (site === undefined || site === 'same-origin' || site === 'none')) return;
    throw new HttpProblem(
      403,
      'READFLEET_HTTP_ORIGIN',
      `Without an admin token the switches are for pages of this handler alone; this comes from ${origin ?? `a ${site} page`}.`,
    );
  }

  private levelOf(presented: string | undefined): Level | undefined {
    const without = this.adminOpen ? 'admin' : this.open ? 'read' : undefined;
    if (presented === undefined) return without;
    const sum = digest(presented);
    // All are compared, always: how long it takes says nothing of which, or of how much of it, was right.
    const isAdmin = among(sum, this.admins);
    const isReader = among(sum, this.readers);
    return isAdmin ? 'admin' : isReader ? 'read' : without;
  }
}

/** Of one length, whatever the token's. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function among(sum: Buffer, digests: readonly Buffer[]): boolean {
  let found = false;
  for (const one of digests) if (timingSafeEqual(sum, one)) found = true;
  return found;
}

function bearer(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  return /^bearer +(.*?) *$/i.exec(authorization)?.[1] ?? '';
}

/** Without the port. */
function nameIn(host: string | undefined): string | undefined {
  return host?.toLowerCase().replace(/:\d+$/, '');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
