import { EventEmitter } from 'node:events';
import type { CustomTypesConfig, PoolClient, QueryConfig } from 'pg';
import { ReadfleetError } from '../../../lib/errors';
import { FleetClient } from '../../../lib/facade/fleet-client';
import type { FacadeHost } from '../../../lib/facade/host';
import { callBack } from '../../../lib/facade/retrace';
import { isProtocolStatement } from '../../../lib/facade/statement';
import { TypeParsers } from '../../../lib/facade/type-parsers';
import type { ReadOptions } from '../../../lib/options';
import { letClose } from './cursor';
import { LONG_LIVED } from './manner';

/** What an ORM tells a client that it makes. Who and where to connect to is the fleet's affair, so these are not looked at. */
export interface ClientConfig {
  readonly types?: CustomTypesConfig;
  readonly [option: string]: unknown;
}

/** The fleet behind the clients of an ORM. */
export interface Behind {
  readonly host: FacadeHost;
  /** What the reads of these clients ask for. */
  readonly read?: ReadOptions | undefined;
  /** What a server says of itself when a connection begins. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Cancels the statement that runs on a connection of the fleet's. */
  cancel(client: PoolClient): Promise<void>;
  /** @throws ReadfleetError when the fleet is closed */
  assertOpen(): void;
}

/**
 * A fleet in the place of a `pg.Client`, for an ORM that keeps such clients in a pool of its own: the pool then bounds how many statements are under
 * way, and no more. To connect opens nothing; a connection is had while one is needed (see {@link LONG_LIVED}).
 */
export class DriverClient extends FleetClient {
  private began = false;
  private over = false;
  private canceller: AbortController | undefined;
  /** To ORMs the connection that hears what the server says of itself. */
  private readonly standIn = new EventEmitter() as unknown as PoolClient['connection'];

  /** @throws ReadfleetError `READFLEET_CLIENT_OPTIONS` */
  constructor(
    private readonly behind: Behind,
    config: ClientConfig = {},
  ) {
    refuse(config);
    super(behind.host, behind.read, LONG_LIVED);
    // Whoever keeps it is told too, and asks it for nothing any more. The connection is not to wait for that.
    this.on('error', () => this.end());
    if (config.types) this.parsers = new TypeParsers(config.types);
  }

  override connect(callback?: (error: Error) => void): Promise<never> | undefined {
    if (this.began) return super.connect(callback);
    this.began = true;
    const connected = this.greet();
    if (!callback) return connected as Promise<never>;
    const tell = callback as (error: Error | null) => void;
    connected.then(
      () => callBack(tell, null),
      (error: Error) => callBack(tell, error),
    );
    return undefined;
  }

  override query(config: unknown, values?: unknown, callback?: unknown): unknown {
    if (isProtocolStatement(config)) letClose(config);
    return super.query(this.withTypes(config), values, callback);
  }

  /** What is on a connection at this time has to go with it: it is closed, and not given back. */
  override end(callback?: () => void): Promise<void> | undefined {
    if (!this.over) {
      this.over = true;
      this.release(true);
      process.nextTick(() => this.emit('end'));
    }
    if (!callback) return Promise.resolve();
    process.nextTick(callback);
    return undefined;
  }

  override get connection(): PoolClient['connection'] {
    return super.connection ?? this.standIn;
  }

  /** Whether the session has state that keeps it on one connection of the primary until the end. */
  get holdsState(): boolean {
    return this.borrowed?.stateful === true;
  }

  /** Whether what is asked from now on may be cancelled. It costs a signal for each statement, so it has to be said. */
  set cancellable(may: boolean) {
    this.canceller = may ? new AbortController() : undefined;
    const { read } = this.behind;
    if (!this.canceller) this.asks = read;
    else {
      const { signal } = this.canceller;
      this.asks = { ...read, signal: read?.signal ? AbortSignal.any([read.signal, signal]) : signal };
    }
  }

  /** Cancels what is under way, on whichever server runs it. */
  async cancel(): Promise<void> {
    if (this.borrowed) await this.behind.cancel(this.borrowed.client);
    else this.canceller?.abort();
  }

  private async greet(): Promise<void> {
    this.behind.assertOpen();
    for (const [parameterName, parameterValue] of Object.entries(this.behind.parameters))
      (this.standIn as unknown as EventEmitter).emit('parameterStatus', { parameterName, parameterValue });
    this.emit('connect');
  }

  /** No connection of the fleet's has the type parsers of an ORM, so each statement brings them along. */
  private withTypes(config: unknown): unknown {
    const types = this.parsers?.forStatement;
    if (!types) return config;
    if (typeof config === 'string') return { text: config, types };
    if (isProtocolStatement(config)) {
      const result = (config as { _result?: { _types?: unknown } })._result;
      // As a client of `pg` does it.
      if (result && !result._types) result._types = types;
      return config;
    }
    const given = config as QueryConfig | null | undefined;
    return given && !given.types ? { ...given, types } : given;
  }
}

/** Of one connection, and without effect here; each has a place where it has one. */
const OPTIONS: Readonly<Record<string, string>> = {
  ...ofRole(['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'client_encoding', 'options']),
  ssl: 'Give `connect()` `tls` and `ca`.',
  application_name: 'Give `connect()` an `applicationName`.',
  connectionTimeoutMillis: 'Give `connect()` `pools.connectTimeoutMs`.',
  query_timeout: 'Give `connect()` a `timeoutMs`.',
  stream: 'Remove it.',
  binary: 'Remove it.',
};

function ofRole(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, 'Set it for the role: `alter role … set …`.']));
}

/** An option without effect is found in an incident; here it is found when the app connects. */
function refuse(config: ClientConfig): void {
  const given = Object.keys(OPTIONS).filter((name) => config[name] !== undefined && config[name] !== false);
  if (given.length === 0) return;
  throw new ReadfleetError(
    'READFLEET_CLIENT_OPTIONS',
    "The ORM gives options to connections, which are the fleet's: " +
      given.map((name) => `\`${name}\`, got: ${told(config[name])}. ${OPTIONS[name]}`).join(' '),
  );
}

/** An object may hold a key, and is not shown. */
function told(value: unknown): string {
  return typeof value === 'object' ? 'an object' : String(value);
}
