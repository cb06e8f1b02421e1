import { sourceFor } from '../../../lib/lag/source';

test.each([
  ['instances', 'streaming'],
  ['multi-az-cluster', 'streaming'],
  ['aurora', 'aurora'],
] as const)('members of %s are asked by %s', (topology, name) => {
  expect(sourceFor(topology).name).toBe(name);
});
