export { InvalidConfigError, ReadfleetError } from '../../lib/errors';
export { formatProblems, type Problem } from '../../lib/problems';
// What an environment file may need of other rooms, so that it imports one module alone.
export { custom } from '../parameters/custom';
export {
  DEFAULTS,
  STAGE_DEFAULTS,
  withAuroraDefaults,
  withDatabaseDefaults,
  withMultiAzClusterDefaults,
} from './defaults';
export { environment, environmentProblems } from './environment';
export * from './names';
export * from './resolved';
export * from './types';
