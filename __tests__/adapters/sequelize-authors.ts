import { sequelizeOptions } from 'readfleet/sequelize';
import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type ModelStatic,
  type NonAttribute,
  type Options,
  Sequelize,
} from 'sequelize';
import type { ReadOptions } from '../../lib';
import type { Stage } from './builder-stage';
import type { Ground, Server } from './matrix/subject';

export interface Author extends Model<InferAttributes<Author>, InferCreationAttributes<Author>> {
  id: CreationOptional<number>;
  name: string;
  Notes?: NonAttribute<Note[]>;
}

export interface Note extends Model<InferAttributes<Note>, InferCreationAttributes<Note>> {
  id: CreationOptional<number>;
  body: string;
  authorId: number;
  createdAt: CreationOptional<Date>;
}

/** A Sequelize with models of the tables of the stage. */
export interface Opened {
  readonly sequelize: Sequelize;
  readonly authors: ModelStatic<Author>;
  readonly notes: ModelStatic<Note>;
}

/** Over the fleet of the stage. */
export function over({ fleet }: Stage, options: Options = {}, read?: ReadOptions): Opened {
  return withModels(new Sequelize({ ...sequelizeOptions(fleet, read), logging: false, ...options }));
}

/** The replication of Sequelize itself over the same servers. */
export function own({ primary, replicas }: Ground): Opened {
  const credentials = ({ user, port, ...server }: Server) => ({ ...server, port: String(port), username: user });
  return withModels(
    new Sequelize({
      dialect: 'postgres',
      replication: { write: credentials(primary), read: replicas.map(credentials) },
      logging: false,
    }),
  );
}

function withModels(sequelize: Sequelize): Opened {
  const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
  const without = { timestamps: false, underscored: true };
  const authors = sequelize.define<Author>(
    'Author',
    { id, name: { type: DataTypes.TEXT, unique: true } },
    { ...without, tableName: 'jotting_author' },
  );
  const notes = sequelize.define<Note>(
    'Note',
    {
      id,
      body: DataTypes.TEXT,
      authorId: { type: DataTypes.INTEGER, field: 'author_id' },
      createdAt: { type: DataTypes.DATE, field: 'created_at' },
    },
    { ...without, tableName: 'jotting_note' },
  );
  authors.hasMany(notes, { foreignKey: 'authorId' });
  return { sequelize, authors, notes };
}
