/**
 * `readfleet/nestjs`: fleets as providers of NestJS 10 and 11, on Express or Fastify, with a session per request.
 *
 * @packageDocumentation
 */
import './nestjs-peer';

import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  type MiddlewareConsumer,
  type ModuleMetadata,
  type NestModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type ConnectOptions, connect, type FleetContract, type FleetSource } from '../../lib';
import { Fleet } from '../../lib/fleet';
import { readYourWrites } from './express';
import type { WebSessionOptions } from './options';

export type { CookieOptions, WebSessionOptions } from './options';
export { sessionOf } from './request-sessions';
/** A class here, where `readfleet` exports the type alone: so that `constructor(private readonly fleet: Fleet)` says what to inject. */
export { Fleet };

/** The fleet that a module connects to, and the sessions of its requests. For `ReadfleetModule.forRoot()`. */
export interface ReadfleetModuleOptions {
  /** Where the fleet is described. */
  readonly source: FleetContract | FleetSource;
  /** How to connect to it. */
  readonly options?: ConnectOptions;
  /**
   * Read your writes across requests, on every route. `false`: requests are in no session.
   * @default {}
   */
  readonly session?: WebSessionOptions | false;
}

/** How the options come about when other providers are needed for them: a configuration service, say. For `ReadfleetModule.forRootAsync()`. */
export interface ReadfleetModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  /** Of the fleet, where an app has several. @default - the one that `Fleet` stands for */
  readonly name?: string;
  /** What `useFactory` is called with. */
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: what is injected is known to who writes the factory alone, as with Nest's own.
  readonly useFactory: (...injected: any[]) => ReadfleetModuleOptions | Promise<ReadfleetModuleOptions>;
}

/** What a fleet is provided as: the class `Fleet`, or, of a fleet with a name, a token of its own. */
export function fleetToken(name?: string): typeof Fleet | string {
  return name === undefined ? Fleet : `readfleet:${name}`;
}

/** Injects the fleet of that name; without one, the fleet that has none. */
export function InjectFleet(name?: string): PropertyDecorator & ParameterDecorator {
  return Inject(fleetToken(name));
}

/** A fleet with its module's options. Each module has its own, under one token: it is not exported. */
interface Connected {
  readonly fleet: Fleet;
  readonly session: WebSessionOptions | false;
}

const CONNECTED = 'readfleet:connected';
const OPTIONS = 'readfleet:options';

/**
 * Connects to a fleet when the app starts, provides it to all modules, and closes it when the app has been shut down: after the server has let go of its
 * connections. A connection that fails fails the start.
 *
 * ```ts
 * @Module({ imports: [ReadfleetModule.forRoot({ source: { file: 'fleet.json' } })] })
 * class AppModule {}
 * ```
 */
export class ReadfleetModule implements NestModule, OnApplicationShutdown {
  constructor(private readonly connected: Connected) {}

  static forRoot({ name, ...options }: ReadfleetModuleOptions & { readonly name?: string }): DynamicModule {
    return ReadfleetModule.forRootAsync({ ...(name !== undefined && { name }), useFactory: () => options });
  }

  static forRootAsync({ name, imports = [], inject = [], useFactory }: ReadfleetModuleAsyncOptions): DynamicModule {
    const token = fleetToken(name);
    return {
      module: ReadfleetModule,
      global: true,
      imports,
      providers: [
        { provide: OPTIONS, inject, useFactory },
        {
          provide: token,
          inject: [OPTIONS],
          useFactory: ({ source, options }: ReadfleetModuleOptions) => connect(source, options),
        },
        {
          provide: CONNECTED,
          inject: [token, OPTIONS],
          useFactory: (fleet: Fleet, { session = {} }: ReadfleetModuleOptions): Connected => ({ fleet, session }),
        },
      ],
      exports: [token],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    const { fleet, session } = this.connected;
    if (session !== false) consumer.apply(readYourWrites(fleet, session)).forRoutes('*');
  }

  onApplicationShutdown(): Promise<void> {
    return this.connected.fleet.close();
  }
}

// As a decorator would: what the sources are compiled by knows no decorators.
Inject(CONNECTED)(ReadfleetModule, undefined, 0);
