import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { ClientConfig, PoolClient } from 'pg';
import { type Clock, systemClock } from '../clock';
import { messageOf, ReadfleetError } from '../errors';

/** PostgreSQL's "SSLRequest" and "CancelRequest": documentation, chapter "Message Formats". */
const SSL_REQUEST = 80_877_103;
const CANCEL_REQUEST = 80_877_102;
const ACCEPTS_TLS = 'S'.charCodeAt(0);

/** What `pg` keeps on a client and its types do not tell. */
interface Connected {
  readonly processID?: number | null;
  readonly secretKey?: number | null;
  readonly host?: string;
  readonly port?: number;
  readonly connection?: { readonly stream?: { readonly remoteAddress?: string; readonly remotePort?: number } };
}

/**
 * Asks the server to cancel what `client` runs, over a connection of its own: PostgreSQL reads nothing more on one that is busy. The statement
 * then ends with 57014 (query_canceled), unless it ended before; the client stays usable.
 *
 * Resolves when the server has closed that connection, which it does once it has sent the signal; whether there was anything to cancel it never
 * says. The client must not be given back before: the request cancels whatever the session runs when it arrives. When this rejects, the request
 * may still be on its way (a frozen server reads it when it thaws), so the client is to be closed then, not to be used again.
 *
 * @param config    how `client` was connected; with `ssl` the request is encrypted as that connection is
 * @param timeoutMs milliseconds for all of it
 * @throws ReadfleetError `READFLEET_CANCEL_FAILED`
 */
export function cancelStatement(
  client: PoolClient,
  config: ClientConfig,
  timeoutMs: number,
  clock: Clock = systemClock,
): Promise<void> {
  const { processID, secretKey, ...told } = client as unknown as Connected;
  const host = config.host ?? told.host ?? 'localhost';
  const port = config.port ?? told.port ?? 5_432;
  const { remoteAddress, remotePort } = told.connection?.stream ?? {};
  const failed = (why: string, cause?: unknown) =>
    new ReadfleetError(
      'READFLEET_CANCEL_FAILED',
      `a statement on ${host}:${port} (process ${processID ?? 'unknown'}) could not be cancelled: ${why}. It may still run; close its connection.`,
      { cause },
    );
  if (processID == null || secretKey == null) {
    return Promise.reject(failed('its connection has been told no key to cancel with'));
  }

  return new Promise((resolve, reject) => {
    let sent = false;
    let speaking: Socket;
    const end = (error?: ReadfleetError) => {
      timer.cancel();
      speaking.destroy();
      // Promises settle once: a socket that complains while it is destroyed is not heard.
      if (error) reject(error);
      else resolve();
    };
    const attend = (stream: Socket) => {
      speaking = stream;
      stream.on('error', (error) => end(failed(messageOf(error), error)));
      stream.on('close', () => end(sent ? undefined : failed('the server closed the connection before it was asked')));
    };
    const ask = () => {
      sent = true;
      // Nothing is to come back; if something does, a stream that nobody reads would never tell its end.
      speaking.resume();
      speaking.write(packet(CANCEL_REQUEST, processID, secretKey));
    };

    // The address and not the name: another lookup may find another server, as of a name that stands for many.
    const socket = host.startsWith('/')
      ? connectTcp(`${host}/.s.PGSQL.${port}`)
      : connectTcp(remotePort ?? port, remoteAddress ?? host);
    attend(socket);
    const timer = clock.after(timeoutMs, () => end(failed(`no answer within ${timeoutMs} ms`)));
    if (!config.ssl) {
      socket.once('connect', ask);
      return;
    }
    const { ssl } = config;
    socket.once('connect', () => socket.write(packet(SSL_REQUEST)));
    socket.once('data', (answer) => {
      // One byte and no more: what comes with it in the clear was put there by somebody else (CVE-2021-23222).
      if (answer.length !== 1 || answer[0] !== ACCEPTS_TLS) return end(failed('the server does not speak TLS'));
      try {
        attend(connectTls(tlsOptions(ssl, host, socket)).once('secureConnect', ask));
      } catch (error) {
        // Of options that it cannot use, such as a certificate that is none.
        end(failed(messageOf(error), error));
      }
    });
  });
}

/** As `pg` does it: an address is no name to ask for (RFC 6066), yet the certificate is checked against it. */
function tlsOptions(ssl: true | ConnectionOptions, host: string, socket: Socket): ConnectionOptions {
  return { host, ...(ssl === true ? {} : ssl), socket, ...(isIP(host) === 0 ? { servername: host } : {}) };
}

/** A message of the time before a session has begun: its length, then numbers of 32 bits. */
function packet(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(4 * (numbers.length + 1));
  bytes.writeInt32BE(bytes.length, 0);
  for (const [index, number] of numbers.entries()) bytes.writeInt32BE(number, 4 * (index + 1));
  return bytes;
}
