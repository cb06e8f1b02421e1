import { type DataSource, LessThan, type Repository } from 'typeorm';
import { Gist } from './gist';

export interface Place {
  readonly lat: number;
  readonly lon: number;
}

const MOST = 50;
const KM_PER_DEGREE = 111.2;

/** Plain TypeORM: nothing here knows of replicas. */
export class Gists {
  private readonly gists: Repository<Gist>;

  constructor(dataSource: DataSource) {
    this.gists = dataSource.getRepository(Gist);
  }

  /** On the master. */
  create(gist: Pick<Gist, 'author' | 'body' | 'lat' | 'lon'>): Promise<Gist> {
    return this.gists.save(gist);
  }

  /** On the master. @returns whether there was one */
  async remove(id: string): Promise<boolean> {
    const { affected } = await this.gists.delete({ id });
    return affected === 1;
  }

  /** On a slave. */
  async findByGistId(id: string): Promise<Gist | undefined> {
    return (await this.gists.findOneBy({ id })) ?? undefined;
  }

  /** On a slave: the nearest first. */
  findNearby({ lat, lon }: Place, km: number): Promise<Gist[]> {
    const degrees = km / KM_PER_DEGREE;
    // A degree of longitude is shorter the further it is from the equator; at the poles it is nothing.
    const shrunk = Math.max(Math.cos((lat * Math.PI) / 180), 0.01);
    return this.gists
      .createQueryBuilder('gist')
      .where('gist.lat between :south and :north', { south: lat - degrees, north: lat + degrees })
      .andWhere('gist.lon between :west and :east', { west: lon - degrees / shrunk, east: lon + degrees / shrunk })
      .orderBy('power(gist.lat - :lat, 2) + power((gist.lon - :lon) * :shrunk, 2)')
      .addOrderBy('gist.id')
      .setParameters({ lat, lon, shrunk })
      .limit(MOST)
      .getMany();
  }

  /** On a slave: the newest first, from before a gist when it is named. */
  newest(before?: string): Promise<Gist[]> {
    return this.gists.find({ where: before ? { id: LessThan(before) } : {}, order: { id: 'DESC' }, take: MOST });
  }
}
