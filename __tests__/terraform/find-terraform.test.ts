import { join } from 'node:path';
import { findTerraform } from '../../terraform/find-terraform';
import { place, program, temporaryFolder } from './folder';

const folder = temporaryFolder();
const old = program(join(folder, 'old', 'terraform'), '{"terraform_version":"1.5.7"}');
const recent = program(join(folder, 'recent', 'terraform'), '{"terraform_version":"1.12.0"}');
const PATH = `${join(folder, 'recent')}:/bin:/usr/bin`;

test('the first terraform on the PATH is found, with its version', async () => {
  await expect(findTerraform({ PATH })).resolves.toEqual({ kind: 'found', path: recent, version: '1.12.0' });
});

test('without one on the PATH the fix says which version to install and where to put it', async () => {
  const finding = await findTerraform({ PATH: join(folder, 'nothing-here') });

  expect(finding).toMatchObject({ kind: 'missing', reason: 'No terraform is on the PATH.' });
  expect(finding).toHaveProperty('fix', expect.stringContaining('1.11.0'));
  expect(finding).toHaveProperty('fix', expect.stringContaining('READFLEET_TERRAFORM'));
});

test('a Terraform without write-only arguments is refused, with both versions named', async () => {
  const finding = await findTerraform({ PATH, READFLEET_TERRAFORM: old });

  expect(finding).toHaveProperty('kind', 'missing');
  expect(finding).toHaveProperty('reason', expect.stringMatching(/1\.5\.7.*1\.11\.0 or newer/));
});

test('a program that is named but not there is not replaced by the one on the PATH', async () => {
  const finding = await findTerraform({ PATH, READFLEET_TERRAFORM: join(folder, 'typo') });

  expect(finding).toMatchObject({ kind: 'missing', reason: expect.stringContaining('typo') });
});

test('a file that is not executable is no program', async () => {
  const text = place(join(folder, 'text', 'terraform'), 'not a program');

  await expect(findTerraform({ PATH: join(folder, 'text') })).resolves.toHaveProperty('kind', 'missing');
  await expect(findTerraform({ PATH, READFLEET_TERRAFORM: text })).resolves.toHaveProperty('kind', 'missing');
});

test.each([
  ['fails', program(join(folder, 'failing'), 'oops', 3), 'does not run'],
  ['says nothing of a version', program(join(folder, 'mute'), 'hello'), 'does not tell its version'],
])('a program that %s is told as such', async (_, path, reason) => {
  await expect(findTerraform({ PATH, READFLEET_TERRAFORM: path })).resolves.toMatchObject({
    kind: 'missing',
    reason: expect.stringContaining(reason),
  });
});
