import {
  type Collection,
  EntitySchema,
  MikroORM,
  type Opt,
  type Options,
  PostgreSqlDriver,
} from '@mikro-orm/postgresql';
import type { Fleet, ReadOptions } from 'readfleet';
import { mikroOrmDriver } from 'readfleet/mikro-orm';
import type { Ground } from './matrix/subject';

export interface Author {
  id: number;
  name: string;
  notes: Collection<Note>;
}

export interface Note {
  id: number;
  body: string;
  author: Author;
  createdAt: Date & Opt;
}

/** Tables of the stage. */
export const Author = new EntitySchema<Author>({
  name: 'Author',
  tableName: 'jotting_author',
  properties: {
    id: { type: 'number', primary: true },
    name: { type: 'text', unique: true },
    notes: { kind: '1:m', entity: 'Note', mappedBy: 'author' },
  },
});

export const Note = new EntitySchema<Note>({
  name: 'Note',
  tableName: 'jotting_note',
  properties: {
    id: { type: 'number', primary: true },
    body: { type: 'text' },
    author: { kind: 'm:1', entity: 'Author', fieldName: 'author_id' },
    createdAt: { type: 'Date', fieldName: 'created_at', defaultRaw: 'now()' },
  },
});

const entities = [Author, Note];

/** Over a fleet. */
export function over(fleet: Fleet, options: Options = {}, read?: ReadOptions): Promise<MikroORM> {
  return MikroORM.init({
    driver: mikroOrmDriver(fleet, PostgreSqlDriver, read),
    dbName: fleet.contract.database,
    entities,
    ...options,
  });
}

/** The replicas of MikroORM itself over the same servers. */
export function own({ primary, replicas }: Ground, options: Options = {}): Promise<MikroORM> {
  const { database, ...server } = primary;
  return MikroORM.init({
    ...server,
    dbName: database,
    replicas: replicas.map(({ host, port }) => ({ host, port })),
    entities,
    ...options,
  });
}
