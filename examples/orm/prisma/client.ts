/**
 * The generated client of `schema.prisma`. An app runs `prisma generate` before it is built, and imports what that wrote, with its types; an example that is
 * to run at once, and to be checked before anything was generated, does it here, and says by hand what it asks of it.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

interface Post {
  readonly id: number;
  readonly title: string;
  readonly likes: number;
  readonly replies?: readonly { readonly text: string }[];
}

export interface Transaction {
  readonly post: {
    create(args: { data: object; include?: object }): Promise<Post>;
    findUnique(args: { where: { id: number }; include?: object }): Promise<Post | null>;
    findFirst(args?: { where?: object }): Promise<Post | null>;
    findMany(args?: { where?: object; include?: object }): Promise<Post[]>;
    update(args: { where: { id: number }; data: object }): Promise<Post>;
    count(args?: { where?: object }): Promise<number>;
  };
  $queryRaw<Rows>(strings: TemplateStringsArray, ...values: unknown[]): Promise<Rows>;
}

export interface Client extends Transaction {
  $transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  $transaction(queries: readonly Promise<unknown>[]): Promise<unknown[]>;
  $disconnect(): Promise<void>;
}

const { status, stderr } = spawnSync(
  'npx',
  ['--no-install', 'prisma', 'generate', '--schema', path.join(__dirname, 'schema.prisma')],
  {
    encoding: 'utf8',
    // Without an engine for migrations, which is not asked anything here, Prisma wants to download one.
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
  },
);
if (status !== 0) throw new Error(stderr);

/** Where `output` of the schema says. */
const GENERATED = path.join(__dirname, '..', '..', '..', '.readfleet', 'prisma', 'example', 'client');

export const { PrismaClient } = require(GENERATED) as { PrismaClient: new (options: { adapter: unknown }) => Client };
