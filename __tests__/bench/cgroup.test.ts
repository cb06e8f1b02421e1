import { cpuControllers } from '../../bench/cgroup';

const other = 'tmpfs /sys/fs/cgroup tmpfs rw,relatime,mode=755 0 0';

test('the two controllers are found where each is mounted', () => {
  const mounts = [
    other,
    'cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0',
    'cgroup /sys/fs/cgroup/cpuacct cgroup rw,relatime,cpuacct 0 0',
  ].join('\n');

  expect(cpuControllers(mounts)).toEqual({ cpu: '/sys/fs/cgroup/cpu', cpuacct: '/sys/fs/cgroup/cpuacct' });
});

test('they may share a mount', () => {
  const mounts = 'cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0';

  expect(cpuControllers(mounts)).toEqual({
    cpu: '/sys/fs/cgroup/cpu,cpuacct',
    cpuacct: '/sys/fs/cgroup/cpu,cpuacct',
  });
});

test('version 2 has neither, whatever its options are called', () => {
  expect(cpuControllers(`${other}\ncgroup2 /sys/fs/cgroup cgroup2 rw,cpu,cpuacct 0 0`)).toBeUndefined();
});

test('one of them alone does not do', () => {
  expect(cpuControllers('cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0')).toBeUndefined();
});

test('a cpuset is no cpu', () => {
  const mounts = [
    'cgroup /sys/fs/cgroup/cpuset cgroup rw,cpuset 0 0',
    'cgroup /sys/fs/cgroup/cpuacct cgroup rw,cpuacct 0 0',
  ].join('\n');

  expect(cpuControllers(mounts)).toBeUndefined();
});

test('a system without /proc/mounts has none', () => {
  expect(cpuControllers('')).toBeUndefined();
});
