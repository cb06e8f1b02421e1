import 'reflect-metadata';
import { connect } from 'readfleet';
import { typeorm } from 'readfleet/typeorm';
import { DataSource } from 'typeorm';
import { AddLabels1700000000000 } from './typeorm-notes';

/** For the commands of TypeORM, which wait for a promise: `typeorm migration:run -d …`. */
export const dataSource = connect({ file: process.env.CONTRACT as string }).then(
  (fleet) =>
    new DataSource({
      type: 'postgres',
      ...typeorm(fleet, { closesFleet: true }),
      migrations: [AddLabels1700000000000],
      migrationsTableName: 'jotting_migration',
    }),
);
