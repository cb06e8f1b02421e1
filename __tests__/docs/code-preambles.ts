/** What an app has beside the lines that a page shows: a declaration a line, which a block's own of that name goes before. */
const EVERYWHERE = `
type Fleet = import('readfleet').Fleet;
declare const fleet: Fleet;
declare const contract: import('readfleet').FleetContract;
declare const connect: typeof import('readfleet').connect;
`;

const GUIDES = `
declare const queue: { send(message: unknown): Promise<void> };
declare const message: { seen: string; order: number };
declare function handle(order: number): Promise<void>;
declare const log: { error(error: Error): void };
interface Database { post: { id: import('kysely').Generated<number>; title: string } }
declare const db: import('kysely').Kysely<Database>;
declare const Kysely: typeof import('kysely').Kysely;
declare const PostgresDialect: typeof import('kysely').PostgresDialect;
declare const sql: typeof import('kysely').sql;
declare const kyselyPool: typeof import('readfleet/kysely').kyselyPool;
declare const DataSource: typeof import('typeorm').DataSource;
declare class Post {}
declare const entities: [];
declare const Sequelize: typeof import('sequelize').Sequelize;
declare const drizzle: typeof import('drizzle-orm/node-postgres').drizzle;
declare const schema: {};
declare class PrismaClient { constructor(options: { adapter: object }) }
declare const PrismaPg: typeof import('@prisma/adapter-pg').PrismaPg;
declare const knex: typeof import('knex').default;
declare const MikroORM: typeof import('@mikro-orm/postgresql').MikroORM;
declare const PostgreSqlDriver: typeof import('@mikro-orm/postgresql').PostgreSqlDriver;
`;

/** Its beginning: what was generated for a schema with posts. */
const PRISMA = `
declare class PrismaClient { constructor(options: { adapter: object }); post: Posts; message: Messages; $queryRaw<T>(text: TemplateStringsArray | object, ...values: unknown[]): Promise<T> }
interface Posts { create(of: { data: { title: string } }): Promise<Post>; findFirst(): Promise<Post | null>; findMany(): Promise<Post[]> }
interface Messages { findMany(of: { where?: object; orderBy?: object[]; take?: number }): Promise<Post[]> }
interface Post { id: number; title: string }
declare const PrismaPg: typeof import('@prisma/adapter-pg').PrismaPg;
declare const withReplicas: typeof import('readfleet/prisma').withReplicas;
declare const prisma: PrismaClient & import('readfleet/prisma').OnFleet<PrismaClient>;
`;

const PREAMBLES: Readonly<Record<string, string>> = {
  'docs/testing.md': `
declare const servers: import('readfleet/testing').LocalFleet;
declare const shop: import('readfleet/testing').Template;
declare const template: typeof import('readfleet/testing').template;
declare const freshDatabase: typeof import('readfleet/testing').freshDatabase;
type FreshDatabase = import('readfleet/testing').FreshDatabase;
declare const sharedFleet: typeof import('readfleet/testing').sharedFleet;
declare const startLocalFleet: typeof import('readfleet/testing').startLocalFleet;
declare const testOptions: typeof import('readfleet/testing').testOptions;
declare const TestClock: typeof import('readfleet/testing').TestClock;
declare const caughtUp: typeof import('readfleet/testing').caughtUp;
declare const undisturbed: typeof import('readfleet/testing').undisturbed;
declare const withFaults: typeof import('readfleet/testing').withFaults;
declare const withLag: typeof import('readfleet/testing').withLag;
declare const readsOf: typeof import('readfleet/testing').readsOf;
declare const recordReads: typeof import('readfleet/testing').recordReads;
declare const Client: typeof import('pg').Client;
declare function inRequest<T>(fleet: Fleet, work: () => Promise<T>): Promise<T>;
declare function placeOrder(fleet: Fleet, customer: string): Promise<void>;
declare function countOrders(fleet: Fleet, customer: string): Promise<number>;
declare function isRunning(): Promise<void>;
`,
  'docs/web.md': `
declare const ReadfleetModule: typeof import('readfleet/nestjs').ReadfleetModule;
declare class ConfigModule {}
declare class Config { fleetParameter: string }
declare const request: import('express').Request;
declare const queue: import('node:events').EventEmitter;
`,
  'docs/batch.md': `
interface Message { id: string; body: string }
declare const list: { id: string }[];
`,
  'docs/paging.md': `
interface Message { id: string; body: string }
interface Row { id: string; body: string; readfleet_key: string }
interface Database { message: { id: string; body: string; conversation_id: string } }
declare const conversation: string;
declare const id: string;
declare const secret: string;
declare const request: import('readfleet/paging').PageRequest & { query: { after?: string } };
declare const newest: import('readfleet/paging').Keyset;
declare const prismaKeyset: typeof import('readfleet/paging').prismaKeyset;
declare const Prisma: { sql: typeof import('@prisma/client/runtime/client').sqltag };
declare const db: import('drizzle-orm/node-postgres').NodePgDatabase & Pick<import('kysely').Kysely<Database>, 'selectFrom'>;
declare const makeTable: typeof import('drizzle-orm/pg-core').pgTable;
declare const text: typeof import('drizzle-orm/pg-core').text;
const message = makeTable('message', { id: text('id'), body: text('body'), conversationId: text('conversation_id') });
${PRISMA}`,
  'docs/configuration.md': `
declare const parseContract: typeof import('readfleet').parseContract;
declare function readItSomewhere(): Promise<string>;
`,
  'docs/orms/typeorm.md': `
declare const DataSource: typeof import('typeorm').DataSource;
declare const typeorm: typeof import('readfleet/typeorm').typeorm;
declare class Post { title: string }
declare class Comment {}
declare class AddLabels1700000000000 {}
declare const dataSource: import('typeorm').DataSource;
declare const posts: import('typeorm').Repository<Post>;
`,
  'docs/orms/prisma.md': PRISMA,
  'docs/orms/drizzle.md': `
declare const drizzle: typeof import('drizzle-orm/node-postgres').drizzle;
declare const withReplicas: typeof import('readfleet/drizzle').withReplicas;
declare const makeTable: typeof import('drizzle-orm/pg-core').pgTable;
declare const text: typeof import('drizzle-orm/pg-core').text;
const post = makeTable('post', { title: text('title') });
const schema = { post };
const db = withReplicas(fleet, (client) => drizzle({ client, schema }));
`,
  'docs/orms/sequelize.md': `
declare const Sequelize: typeof import('sequelize').Sequelize;
declare const QueryTypes: typeof import('sequelize').QueryTypes;
declare const sequelizeOptions: typeof import('readfleet/sequelize').sequelizeOptions;
declare const sequelize: import('sequelize').Sequelize;
declare class Post extends (null as unknown as typeof import('sequelize').Model) { id: number }
`,
  'docs/orms/knex.md': `
declare const knex: typeof import('knex').default;
declare const knexClient: typeof import('readfleet/knex').knexClient;
declare const db: import('knex').Knex;
`,
  'docs/orms/mikro-orm.md': `
declare const MikroORM: typeof import('@mikro-orm/postgresql').MikroORM;
declare const PostgreSqlDriver: typeof import('@mikro-orm/postgresql').PostgreSqlDriver;
declare const mikroOrmDriver: typeof import('readfleet/mikro-orm').mikroOrmDriver;
declare class Post { id: number; title: string }
declare const orm: import('@mikro-orm/postgresql').MikroORM;
declare const em: import('@mikro-orm/postgresql').SqlEntityManager;
`,
};

/** What is declared for a page, in one line, but for what `code` itself has. */
export function preambleOf(page: string, code: string): string {
  const lines = `${EVERYWHERE}${PREAMBLES[page] ?? GUIDES}`.split('\n').filter((line) => line !== '');
  return lines.filter((line) => !binds(code, nameIn(line))).join(' ');
}

function nameIn(line: string): string {
  const [, name] = /^(?:declare )?(?:const|function|class|interface|type) (\w+)/.exec(line) ?? [];
  if (name === undefined) throw new Error(`a line of a preamble declares one name, got: ${line}`);
  return name;
}

function binds(code: string, name: string): boolean {
  const forms = [
    `import [^;']*\\b${name}\\b[^;']*from`,
    `(export )?(default )?(async )?(const|let|class|function|interface) ${name}\\b`,
    `const [{[][^}\\]]*\\b${name}\\b[^}\\]]*[}\\]] =`,
  ];
  return new RegExp(`^(${forms.join('|')})`, 'm').test(code);
}
