import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Aspects, Testing } from 'cdktf';
import { Tags } from '../../constructs';
import { emptyStack } from './support/raw';
import { parse } from './support/synth';

test('tags go on whatever takes tags, and on nothing else', () => {
  const stack = emptyStack();
  new KmsKey(stack, 'key');
  new KmsAlias(stack, 'alias', { name: 'alias/orders', targetKeyId: 'a' });
  Aspects.of(stack).add(new Tags({ Fleet: 'orders' }));
  const json = parse(Testing.synth(stack));

  expect(json.one('aws_kms_key', 'key').tags).toEqual({ Fleet: 'orders' });
  expect(json.one('aws_kms_alias', 'alias')).not.toHaveProperty('tags');
});

test('what a resource says itself stays', () => {
  const stack = emptyStack();
  new KmsKey(stack, 'key', { tags: { Fleet: 'mine', Name: 'orders' } });
  Aspects.of(stack).add(new Tags({ Fleet: 'orders', Environment: 'dev' }));

  expect(parse(Testing.synth(stack)).one('aws_kms_key', 'key').tags).toEqual({
    Fleet: 'mine',
    Environment: 'dev',
    Name: 'orders',
  });
});

test('of two, the first that says a tag wins: the one further out', () => {
  const stack = emptyStack();
  const key = new KmsKey(stack, 'key');
  Aspects.of(key).add(new Tags({ Fleet: 'inner', Team: 'inner' }));
  Aspects.of(stack).add(new Tags({ Fleet: 'outer' }));

  expect(parse(Testing.synth(stack)).one('aws_kms_key', 'key').tags).toEqual({ Fleet: 'outer', Team: 'inner' });
});
