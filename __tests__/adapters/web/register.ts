import { type LocalFleet, startLocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';

/** A local fleet with one number in it, `register.value`, whose replica knows of no change to it: it stands still at 0. */
export async function startRegister(): Promise<LocalFleet> {
  const local = await startLocalFleet({ replicas: 1 });
  try {
    await local.primary.query('create table register (value int not null)');
    await local.primary.query('insert into register values (0)');
    const [replica] = local.replicas;
    await eventually(async () => (await replica?.query('select value from register'))?.length === 1);
    await replica?.pauseReplay();
    return local;
  } catch (error) {
    await local.stop();
    throw error;
  }
}
