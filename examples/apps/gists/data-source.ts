import type { ConnectOptions, Fleet } from 'readfleet';
import { typeorm } from 'readfleet/typeorm';
import { DataSource } from 'typeorm';
import { Gist } from './gist';
import { CreateGists1735689600000 } from './migration';

/** How old a list of gists may be. Past that a replica is not asked. */
export const gistsOptions: ConnectOptions = {
  applicationName: 'gists',
  maxStalenessMs: Number(process.env.GISTS_MAX_STALENESS_MS ?? 2_000),
};

/** TypeORM with its built-in replication: `master` and `slaves` are the fleet's. All else is as it was. */
export async function gistsDataSource(fleet: Fleet): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    ...typeorm(fleet),
    entities: [Gist],
    migrations: [CreateGists1735689600000],
  });
  return dataSource.initialize();
}
