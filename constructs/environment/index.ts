export { InvalidConfigError, ReadfleetError } from '../../lib/errors';
export { formatProblems, type Problem } from '../../lib/problems';
// What an environment file may need of other rooms, so that it imports one module alone.
export { custom } from '../parameters/custom';
export { DEFAULTS, STAGE_DEFAULTS, withDatabaseDefaults } from './defaults';
export { environment, environmentProblems } from './environment';
export * from './names';
export {
  type Access,
  type Database,
  type Environment,
  type InstancesEnvironment,
  isEnvironment,
  type Replica,
} from './resolved';
export type { SupportedTopology } from './schema';
export * from './types';
