import { parseContract } from '../lib/contract';
import { toEmf } from './emf';
import { Measure } from './measure';

let kept: { readonly contract: ReturnType<typeof parseContract>; readonly measure: Measure } | undefined;

/**
 * The Lambda function that measures replica lag, once per invocation, and emits it as metrics.
 *
 * The contract comes from the environment variable `READFLEET_CONTRACT`, as JSON.
 *
 * @throws InvalidConfigError when the contract is missing or wrong: the invocation fails, which is what its alarm watches
 */
export async function handler(): Promise<void> {
  kept ??= open();
  const at = Date.now();
  for (const measurement of await kept.measure.take())
    console.log(JSON.stringify(toEmf(kept.contract, measurement, at)));
}

/** Ends the connections that are kept between invocations. Lambda never calls it; whoever runs the handler elsewhere does. */
export function close(): void {
  kept?.measure.close();
  kept = undefined;
}

function open(): NonNullable<typeof kept> {
  const contract = parseContract(process.env.READFLEET_CONTRACT ?? '', 'environment variable READFLEET_CONTRACT');
  return { contract, measure: new Measure(contract) };
}
