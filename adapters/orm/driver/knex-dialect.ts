import type { Fleet, ReadOptions } from '../../../lib';
import { ReadfleetError } from '../../../lib/errors';
import { behind, places } from './behind';
import { type ClientConfig, DriverClient } from './client';

/** What is used of a statement as Knex hands it to its dialect. */
interface Asked {
  /** `.timeout(ms, { cancel: true })` */
  readonly cancelOnTimeout?: boolean;
}

/** What is used of Knex's configuration. */
export interface KnexConfig {
  readonly connection?: unknown;
  readonly connectionPool?: unknown;
  readonly searchPath?: unknown;
  readonly version?: string;
  readonly pool?: KnexPool;
}

interface KnexPool {
  readonly afterCreate?: (client: DriverClient, done: Done) => void;
  readonly [option: string]: unknown;
}

type Done = (error: Error | null | undefined, client: DriverClient) => void;

// biome-ignore lint/suspicious/noExplicitAny: TypeScript lets a class of another's be extended in no other form
export type AnyArguments = any[];

/** A class of Knex's for PostgreSQL, of whichever copy of Knex. */
export type Dialect = new (
  ...args: AnyArguments
) => {
  _query(connection: DriverClient, asked: Asked): Promise<unknown>;
};

/**
 * A dialect whose connections are clients of a fleet.
 *
 * @param read    what its reads ask for
 * @param prepare looks through the configuration, and completes it
 */
export function dialectOn<Base extends Dialect>(
  base: Base,
  fleet: Fleet,
  read: ReadOptions | undefined,
  prepare: (config: KnexConfig) => KnexConfig,
): Base {
  const fleetBehind = behind(fleet, read);

  class Client extends DriverClient {
    constructor(config: ClientConfig) {
      super(fleetBehind, config);
    }
  }

  return class extends base {
    constructor(...args: AnyArguments) {
      const [config, ...others] = args as [KnexConfig, ...unknown[]];
      super(completed(prepare(config), fleet), ...others);
    }

    _driver() {
      return { Client };
    }

    override _query(connection: DriverClient, asked: Asked): Promise<unknown> {
      connection.cancellable = asked.cancelOnTimeout === true;
      return super._query(connection, asked);
    }

    /** Knex would ask for the end of a process by its number, which says nothing where there are several servers. */
    cancelQuery(connection: DriverClient): Promise<void> {
      return connection.cancel();
    }
  };
}

function completed(config: KnexConfig, fleet: Fleet): KnexConfig {
  const { searchPath, pool } = config;
  if (searchPath !== undefined) throw noSettings('searchPath', 'search_path');
  return {
    // Else Knex asks a server.
    version: `${fleet.contract.engine.major}.0`,
    ...config,
    // Knex would have ten at most, and keep two from the first on: these cost nothing.
    pool: { min: 0, max: places(fleet), ...pool, ...checked(pool?.afterCreate) },
  };
}

/** Knex would forget a connection whose creation fails, and so what it has. */
function checked(afterCreate: KnexPool['afterCreate']): KnexPool {
  if (!afterCreate) return {};
  return {
    afterCreate(client, done) {
      afterCreate(client, (error, created) => {
        const problem = error ?? (client.holdsState ? noSettings('pool.afterCreate', '…') : undefined);
        if (problem) client.end();
        done(problem, created);
      });
    },
  };
}

function noSettings(option: string, setting: string): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_KNEX_OPTIONS',
    `Knex is to make settings on each of its connections (\`${option}\`), which would keep all of its reads from the replicas. ` +
      `Remove it, and set it for the role: alter role … set ${setting} = …. Replicas have that too.`,
  );
}
