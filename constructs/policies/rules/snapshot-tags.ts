import { policy, refuse } from '../policy';
import { DATABASES } from './databases';

export const snapshotTags = policy({
  code: 'READFLEET_POLICY_SNAPSHOT_TAGS',
  title: 'Snapshots have the tags of what they were taken of.',
  controls: ['RDS.16', 'RDS.17', 'RDS.47'],
  types: DATABASES,
  check: (resource) =>
    refuse(resource, 'copy_tags_to_snapshot', (value) => value !== true, {
      message: 'Nobody can tell whose snapshot it is, nor give access to it by tag.',
      fix: 'Write copyTagsToSnapshot: true.',
    }),
});
