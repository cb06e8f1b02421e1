import 'reflect-metadata';
import { connect, type Fleet } from 'readfleet';
import { type TypeormOptions, typeorm } from 'readfleet/typeorm';
import {
  Column,
  CreateDateColumn,
  DataSource,
  type DataSourceOptions,
  DeleteDateColumn,
  Entity,
  ManyToOne,
  type MigrationInterface,
  OneToMany,
  PrimaryGeneratedColumn,
  type QueryRunner,
  type Repository,
} from 'typeorm';
import { eventually } from '../support/eventually';
import { FAST } from './matrix/fast';
import { Servers } from './matrix/ground';
import type { Ground, Server } from './matrix/subject';

/** Every table has the word in its name by which servers are asked what ran on them. */
@Entity('jotting_note')
export class Note {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Column('text', { unique: true })
  title!: string;

  @Column('int', { default: 0 })
  stars!: number;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;

  @DeleteDateColumn({ type: 'timestamptz' })
  deletedAt!: Date | null;

  @OneToMany(
    () => Remark,
    (remark) => remark.note,
    { cascade: true },
  )
  remarks!: Remark[];
}

@Entity('jotting_remark')
export class Remark {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Column('text')
  text!: string;

  @ManyToOne(
    () => Note,
    (note) => note.remarks,
  )
  note!: Note;
}

/** Fails when it runs a second time. */
export class AddLabels1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table jotting_label (name text)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table jotting_label');
  }
}

let titles = 0;

/** A title that no other note of this process has. */
export const title = () => `note ${++titles}`;

/** A data source over a fleet, initialized. */
export function over(
  fleet: Fleet,
  options: Partial<DataSourceOptions> = {},
  how?: TypeormOptions,
): Promise<DataSource> {
  return initialized({ ...typeorm(fleet, how), ...options });
}

/** The replication of TypeORM itself over the same servers. */
export function own(
  { primary, replicas }: Ground,
  { slaves = replicas, ...options }: Partial<DataSourceOptions> & { slaves?: readonly Server[] } = {},
): Promise<DataSource> {
  const credentials = ({ user, ...server }: Server) => ({ ...server, username: user });
  return initialized({ replication: { master: credentials(primary), slaves: slaves.map(credentials) }, ...options });
}

function initialized(options: object): Promise<DataSource> {
  return new DataSource({ type: 'postgres', entities: [Note, Remark], ...options } as DataSourceOptions).initialize();
}

/** Servers, a fleet over them, and TypeORM over that, with its tables. */
export class Rig {
  private constructor(
    readonly servers: Servers,
    readonly fleet: Fleet,
    readonly dataSource: DataSource,
  ) {}

  static async start(): Promise<Rig> {
    const servers = await Servers.start();
    // Long enough that no read is refused for its age: it is to be seen where reads go while replicas are in order.
    const fleet = await connect(servers.ground.contract, { ...FAST, maxStalenessMs: 60_000 });
    const rig = new Rig(servers, fleet, await over(fleet));
    await rig.dataSource.synchronize();
    await servers.caughtUp();
    return rig;
  }

  get notes(): Repository<Note> {
    return this.dataSource.getRepository(Note);
  }

  /** A note that every replica has. */
  async stored(): Promise<Note> {
    const note = await this.notes.save({ title: title() });
    await this.servers.caughtUp();
    return note as Note;
  }

  /** Which servers were asked for anything about notes. */
  async roles(work: () => Promise<unknown>): Promise<readonly string[]> {
    return (await this.servers.asked(work)).roles;
  }

  async pauseReplay(): Promise<void> {
    await Promise.all(this.servers.local.replicas.map((replica) => replica.pauseReplay()));
  }

  /** Nobody holds a connection. */
  async allReturned(): Promise<void> {
    await eventually(() => this.fleet.pool.totalCount === this.fleet.pool.idleCount);
  }

  async stop(): Promise<void> {
    await this.dataSource.destroy();
    await this.fleet.close();
    await this.servers.stop();
  }
}
