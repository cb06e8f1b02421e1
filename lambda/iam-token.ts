import { createHash, createHmac } from 'node:crypto';

/** Who signs: the role of a function, as Lambda tells it. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What a token is good for. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** AWS region of the server. */
  readonly region: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SERVICE = 'rds-db';
/** A quarter of an hour, the longest that RDS takes. A connection outlives its token. */
const EXPIRES_SECONDS = '900';
const NO_BODY = sha256('');

/**
 * An IAM token, which RDS takes for a password: the address of a request, signed with AWS's Signature Version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html), without the scheme.
 *
 * The same as `@aws-sdk/rds-signer` makes, to the letter; that one brings every way to find credentials along, and is larger than the rest
 * of the function.
 *
 * @param at wall-clock milliseconds since 1970: RDS refuses what is signed more than some minutes off
 */
export function iamToken({ host, port, user, region }: Login, credentials: AwsCredentials, at: number): string {
  const time = new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = [time.slice(0, 8), region, SERVICE, 'aws4_request'];
  const parameters = {
    Action: 'connect',
    DBUser: user,
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Credential': [credentials.accessKeyId, ...scope].join('/'),
    'X-Amz-Date': time,
    'X-Amz-Expires': EXPIRES_SECONDS,
    ...(credentials.sessionToken ? { 'X-Amz-Security-Token': credentials.sessionToken } : {}),
    'X-Amz-SignedHeaders': 'host',
  };
  const request = ['GET', '/', queryOf(parameters), `host:${host}:${port}`, '', 'host', NO_BODY].join('\n');
  const key = scope.reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, [ALGORITHM, time, scope.join('/'), sha256(request)].join('\n')).toString('hex');
  return `${host}:${port}/?${queryOf({ ...parameters, 'X-Amz-Signature': signature })}`;
}

/** In the order of the names, as it is signed. */
function queryOf(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .join('&');
}

/** All but what RFC 3986 calls unreserved; JavaScript's own leaves some more. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
