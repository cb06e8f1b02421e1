import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A note that somebody left at a place. Columns say their types themselves: not every compiler tells TypeORM what TypeScript knows. */
@Entity('gist')
@Index('gist_nearby', ['lat', 'lon'])
export class Gist {
  /** A bigint is a text to `pg`. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id!: string;

  @Column('text')
  author!: string;

  @Column('text')
  body!: string;

  @Column('double precision')
  lat!: number;

  @Column('double precision')
  lon!: number;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
