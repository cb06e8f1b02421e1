import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { type OnFleet, type PrismaOptions, withReplicas } from 'readfleet/prisma';
import { Stage } from './builder-stage';
import { type Generated, generateClient } from './matrix/subjects/prisma/generate';

interface Author {
  readonly id: number;
  readonly name: string;
  readonly notes?: readonly { readonly body: string }[];
}

/** A query that begins when it is awaited. */
type Query<T> = Promise<T>;

interface AuthorArgs {
  readonly where?: object;
  readonly include?: object;
  readonly data?: object;
  readonly create?: object;
  readonly update?: object;
  readonly orderBy?: object;
}

/** What these tests ask of a generated client, whose own types are there only once it was generated. */
export interface Transaction {
  readonly author: {
    create(args: AuthorArgs): Query<Author>;
    createMany(args: { data: readonly object[] }): Query<{ count: number }>;
    update(args: AuthorArgs): Query<Author>;
    updateMany(args: AuthorArgs): Query<{ count: number }>;
    upsert(args: AuthorArgs): Query<Author>;
    delete(args: AuthorArgs): Query<Author>;
    findUnique(args: AuthorArgs): Query<Author | null>;
    findFirst(args: AuthorArgs): Query<Author | null>;
    findMany(args?: AuthorArgs): Query<Author[]>;
    count(args?: AuthorArgs): Query<number>;
  };
  $queryRaw<T>(strings: TemplateStringsArray, ...values: unknown[]): Query<T>;
  $executeRaw(strings: TemplateStringsArray, ...values: unknown[]): Query<number>;
}

export interface Client extends Transaction {
  $transaction<T>(work: (tx: Transaction & OnFleet<Client>) => Promise<T>, options?: object): Promise<T>;
  $transaction(queries: readonly Query<unknown>[], options?: object): Promise<unknown[]>;
  $extends(extension: unknown): Client;
  $disconnect(): Promise<void>;
}

const SCHEMA = path.join(__dirname, 'matrix', 'subjects', 'prisma', 'schema.prisma');

/** The client of `matrix/subjects/prisma/schema.prisma`. */
export function generated(): Generated {
  return generateClient('jotting', SCHEMA, 'highest');
}

/** A client on the pool, as Prisma's guide has it. */
export function clientOn(pool: Pool, Adapter: new (pool: Pool) => unknown = PrismaPg): Client {
  const { PrismaClient } = require(generated().file) as { PrismaClient: new (options: object) => Client };
  return new PrismaClient({ adapter: new Adapter(pool) });
}

/** Authors and their notes on a fleet, by Prisma. */
export class PrismaStage {
  private constructor(
    readonly stage: Stage,
    readonly prisma: Client & OnFleet<Client>,
  ) {}

  static async start(): Promise<PrismaStage> {
    const stage = await Stage.start();
    return new PrismaStage(stage, overFleet(stage));
  }

  async stop(): Promise<void> {
    await this.prisma.$disconnect();
    await this.stage.stop();
  }
}

export function overFleet({ fleet }: Stage, options?: PrismaOptions): Client & OnFleet<Client> {
  return withReplicas(fleet, (pool) => clientOn(pool), options);
}
