import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { type TerraformStack, Testing } from 'cdktf';
import { type InvalidConfigError, moved, TerraformData } from '../../constructs';
import { pin } from '../../constructs/pin';
import { checked } from './support/environments';
import { emptyStack, Raw } from './support/raw';
import { parse, synthesise } from './support/synth';

const NEW = 'terraform_data.azure';
const OLD = 'terraform_data.blue';

/** A stack that has `terraform_data.azure`. */
function stackOfAzure(): TerraformStack {
  const stack = emptyStack();
  pin(new TerraformData(stack, 'data'), 'azure');
  return stack;
}

function told(stack: TerraformStack) {
  try {
    Testing.synth(stack, true);
    return [];
  } catch (error) {
    return (error as InvalidConfigError).problems.map(({ code, path, got }) => [code, path, got]);
  }
}

describe('moved resources', () => {
  test("are told to Terraform in its JSON's form", () => {
    const stack = stackOfAzure();
    moved(stack, [{ from: OLD, to: NEW }]);

    expect(parse(Testing.synth(stack, true))).toMatchObject({ moved: [{ from: OLD, to: NEW }] });
  });

  test('of several calls are told together', () => {
    const stack = stackOfAzure();
    pin(new TerraformData(stack, 'other'), 'green');
    moved(stack, [{ from: OLD, to: NEW }]);
    moved(stack, [{ from: 'terraform_data.lime', to: 'terraform_data.green' }]);

    expect(parse(Testing.synth(stack, true))).toMatchObject({
      moved: [
        { from: OLD, to: NEW },
        { from: 'terraform_data.lime', to: 'terraform_data.green' },
      ],
    });
  });

  test('that are none leave no trace', () => {
    const stack = stackOfAzure();
    moved(stack, []);

    expect(parse(Testing.synth(stack, true))).not.toHaveProperty('moved');
  });

  test('must have become something that the stack has', () => {
    const stack = stackOfAzure();
    moved(stack, [{ from: OLD, to: 'terraform_data.aqua' }]);

    expect(told(stack)).toEqual([['READFLEET_MOVED_TARGET', 'moved[0].to', 'terraform_data.aqua']]);
    expect(() => Testing.synth(stack, true)).toThrow(`The stack has: ${NEW}.`);
  });

  test('must no longer be under their old name', () => {
    const stack = stackOfAzure();
    pin(new TerraformData(stack, 'old'), 'blue');
    moved(stack, [{ from: OLD, to: NEW }]);

    expect(told(stack)).toEqual([['READFLEET_MOVED_SOURCE', 'moved[0].from', OLD]]);
  });

  test('may have been moved on since', () => {
    const stack = stackOfAzure();
    moved(stack, [
      { from: 'terraform_data.navy', to: OLD },
      { from: OLD, to: NEW },
    ]);

    expect(told(stack)).toEqual([]);
  });

  test('may get a key, or lose it', () => {
    const stack = emptyStack();
    new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
    new Raw(stack, 'private', 'aws_subnet', {});
    moved(stack, [{ from: 'aws_subnet.private', to: 'aws_subnet.private["a"]' }]);

    expect(told(stack)).toEqual([]);
  });

  test('may have gone into a module, which only Terraform can look into', () => {
    const stack = stackOfAzure();
    moved(stack, [{ from: OLD, to: 'module.colours.terraform_data.blue' }]);

    expect(told(stack)).toEqual([]);
  });

  test('are told with whatever else is wrong with the moves', () => {
    const stack = stackOfAzure();
    moved(stack, [
      { from: OLD, to: NEW },
      { from: NEW, to: NEW },
    ]);

    expect(told(stack)).toEqual([['READFLEET_MOVED_NOWHERE', 'moved[1].to', NEW]]);
  });
});

describe("an environment's", () => {
  test('renamed replica is moved', () => {
    const move = { from: 'aws_db_instance.replica-azure', to: 'aws_db_instance.replica-blue' };

    expect(synthesise(checked({ moved: [move] }))).toMatchObject({ moved: [move] });
  });

  test('move to a replica that it has not is refused', () => {
    const move = { from: 'aws_db_instance.replica-blue', to: 'aws_db_instance.replica-azure' };

    expect(() => synthesise(checked({ moved: [move] }))).toThrow(
      /^test: 2 problems\n {2}READFLEET_MOVED_SOURCE {2}moved\[0\]\.from.*\n(?:.*\n){2} {2}READFLEET_MOVED_TARGET {2}moved\[0\]\.to/,
    );
  });
});
