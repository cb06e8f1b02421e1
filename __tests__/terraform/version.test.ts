import { compareVersions, isSupportedProvider, isSupportedTerraform } from '../../terraform/version';

test('versions compare by number and not by letter', () => {
  expect(['5.100.0', '5.9.0', '5.99.1'].sort(compareVersions)).toEqual(['5.9.0', '5.99.1', '5.100.0']);
});

test('a pre-release comes before its release', () => {
  expect(['1.11.0', '1.11.0-rc1', '1.11.0-beta1'].sort(compareVersions)).toEqual([
    '1.11.0-beta1',
    '1.11.0-rc1',
    '1.11.0',
  ]);
});

test('text that is no version comes before every version', () => {
  expect(['0.0.1', 'latest'].sort(compareVersions)).toEqual(['latest', '0.0.1']);
});

test.each([
  ['1.11.0', true],
  ['1.12.3', true],
  ['2.0.0', true],
  ['1.10.5', false],
  ['1.11.0-rc1', false],
  ['nonsense', false],
])('Terraform %s: supported %s', (version, supported) => {
  expect(isSupportedTerraform(version)).toBe(supported);
});

test.each([
  ['5.100.0', true],
  ['6.25.0', true],
  ['5.99.1', false],
  ['7.0.0', false],
  ['6.0.0-beta1', false],
])('AWS provider %s: supported %s', (version, supported) => {
  expect(isSupportedProvider(version)).toBe(supported);
});
