/** A test file for left-out.test.ts to run jest on: its name keeps it out of every other run. */
import { describeWith, terraform } from './left-out';

test('needs nothing', () => {
  expect(1 + 1).toBe(2);
});

describeWith(terraform, 'with Terraform', () => {
  test('needs it', () => {
    expect(1 + 1).toBe(2);
  });
  test('needs it too', () => {
    expect(1 + 1).toBe(2);
  });
});
