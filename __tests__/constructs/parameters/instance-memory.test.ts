import { MULTI_AZ_CLUSTER_FAMILIES } from '../../../constructs/environment';
import { memoryGiB } from '../../../constructs/parameters';

test.each<[string, number]>([
  ['db.t4g.micro', 1],
  ['db.t4g.medium', 4],
  ['db.t2.small', 2],
  ['db.m6g.large', 8],
  ['db.m6idn.2xlarge', 32],
  ['db.c6gd.medium', 2],
  ['db.r4.large', 15.25],
  ['db.r6g.large', 16],
  ['db.r6g.xlarge', 32],
  ['db.r8gd.4xlarge', 128],
  ['db.r6i.32xlarge', 1024],
  ['db.x1.16xlarge', 976],
  ['db.x1e.xlarge', 122],
  ['db.x2g.xlarge', 64],
  ['db.x2idn.16xlarge', 1024],
  ['db.x2iedn.xlarge', 128],
  ['db.z1d.large', 16],
])('%s has %p GiB of memory', (instanceClass, gib) => {
  expect(memoryGiB(instanceClass)).toBe(gib);
});

test.each(['db.z9.large', 'db.r6g.huge', 'db.serverless', 'db.r7i.metal-24xl', 'db.constructor.large', 'r6g', ''])(
  'of %j nothing is known',
  (instanceClass) => {
    expect(memoryGiB(instanceClass)).toBeUndefined();
  },
);

test('every family that a Multi-AZ cluster can have is known', () => {
  for (const family of MULTI_AZ_CLUSTER_FAMILIES) expect(memoryGiB(`db.${family}.large`)).toBeGreaterThan(0);
});
